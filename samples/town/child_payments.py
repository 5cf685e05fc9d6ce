"""児童手当: what was paid since June 2024: every four months until the reform of October 2024, every two since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import child_law as law
from town.core import iso, workday

if TYPE_CHECKING:
    from town.core import Town

TERMS = [(law.number(2024, 6), 4), (law.number(2024, 10), 4)] + [
    (month, 2) for month in range(law.number(2024, 12), law.number(2026, 3), 2)
]
"""Month of payment, and how many months before it are paid."""

HELD = law.number(2025, 12)
"""Since then the payments of those are held back whose payment is held back."""


def payments(
    town: Town, bonds: pl.DataFrame, people: pl.DataFrame, rows: pl.DataFrame
) -> pl.DataFrame:
    """Rows of ca_payment."""
    months = pl.DataFrame({"month": m, "pay": pay} for pay, n in TERMS for m in range(pay - n, pay))
    span = people.select("recipient", "recipient_no", "since", "to", "why")
    asked = span.join(months, how="cross").filter(
        pl.col("month").is_between("since", pl.col("to").fill_null(10**6))
    )
    sums = law.paid(bonds, asked.select("recipient", "month")).group_by("recipient", "month").agg(
        pl.col("yen").sum()
    )  # fmt: skip
    made = asked.join(sums, on=["recipient", "month"]).filter(pl.col("yen") > 0)
    made = made.group_by("recipient", "recipient_no", "to", "why", "pay").agg(
        first=pl.col("month").min(), last=pl.col("month").max(), amount=pl.col("yen").sum()
    ).sort("recipient", "pay")  # fmt: skip
    held = rows.filter(pl.col("is_latest") == "1").select("recipient_no", "hold_kind")
    made = made.join(held, on="recipient_no", maintain_order="left")
    made = pl.concat([_settled(town, made), _returned(town, made)], how="diagonal").sort("recipient", "pay", "extra")
    year = ["recipient", (pl.col("pay") - 3) // 12]
    extra = pl.col("pay").rank("ordinal").over(*year, "extra").cast(pl.Int64)
    made = made.with_columns(
        town.operated(made.height, town.rng("ca_payment operated")),
        seq=pl.when("extra").then(1 + extra).otherwise(1),
    )
    return made.select(
        "recipient_no", "amount", "status", "deducted", "overpaid",
        pl.col("operator_id", "operated_time").last().over(year),
        pay_ym=law.label(pl.col("pay")), pay_seq="seq",
        from_ym=law.label(pl.col("first")), to_ym=law.label(pl.col("last")),
        paid_date=pl.when(pl.col("status").is_in(["1", "4"])).then(iso(_day())),
        is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
        operated_date=iso(_day()).last().over(year),
    )  # fmt: skip


def _day() -> pl.Expr:
    """The 10th, or the next day on which banks work."""
    return workday(pl.date(pl.col("pay") // 12, pl.col("pay") % 12 + 1, 10))


def _settled(town: Town, made: pl.DataFrame) -> pl.DataFrame:
    """Regular payments: some less the nursery's fees, some less what was paid too much before; the last one of who
    moved away in the month after (随時)."""
    rng = town.rng("ca_payment")
    luck, fees = rng.random(made.height), rng.integers(2, 9, made.height) * 500
    pay, going = pl.col("pay"), pl.col("last") == pl.col("to")
    early = going & (pl.col("why") == "11") & (pl.col("last") + 1 < pay)
    held = pl.col("hold_kind").is_not_null() & (pay >= HELD)
    plain = ~going & ~held & (pl.col("amount") >= 20_000)
    luck = pl.Series(luck)
    made = made.with_columns(
        pay=pl.when(early).then(pl.col("last") + 1).otherwise(pay),
        extra=early,
        status=pl.when(held).then("hold_kind").otherwise(pl.lit("1")),
        deducted=pl.when(plain & (luck < 0.04)).then(pl.Series(fees)),
        overpaid=pl.when(plain & (luck > 0.985)).then(10_000),
    )
    off = pl.col("deducted").fill_null(0) + pl.col("overpaid").fill_null(0)
    return made.with_columns(amount=pl.col("amount") - off)


def _returned(town: Town, made: pl.DataFrame) -> pl.DataFrame:
    """Of who ended and was paid a month too long: the month paid back."""
    rng = town.rng("ca_returned")
    last = made.filter(
        (pl.col("last") == pl.col("to")) & pl.col("why").is_in(["13", "14"]) & (pl.col("to") + 2 < law.number(2026, 4))
    )  # fmt: skip
    last = last.filter(pl.Series(rng.random(last.height)) < 0.5)
    month = pl.col("to") + 1
    return last.with_columns(
        pay=pl.col("to") + 2, first=month, last=month, amount=-(pl.col("amount") // (month - pl.col("first"))),
        extra=pl.lit(value=True), status=pl.lit("4"),
    )  # fmt: skip
