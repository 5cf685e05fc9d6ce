"""児童手当: who draws it for which children, in which months, and what was paid.

`links` draws who is entitled to which child from when until when; `child_law.paid` says what that brings; the three
tables are that, counted and added up. Figures in force are those of March 2026, the last month that began.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town import child_law as law
from town.child_faults import FAULTS
from town.child_links import links, recipients
from town.child_payments import payments
from town.core import iso
from town.spell import halfkana

if TYPE_CHECKING:
    from town.core import Town

__all__ = ["FAULTS", "facts"]

NOW = law.number(2026, 3)
BANKS = ("0991", "0992", "1991", "2991", "5991")
"""Numbers that no bank has."""

SMALL = dict(zip("ｧｨｩｪｫｬｭｮｯｰ･", "ｱｲｳｴｵﾔﾕﾖﾂ-.", strict=True))
"""Account holders are written without small kana (全銀)."""

PENSION = {"employee": "1", "self": "2", "pension": "9", "none": "2"}
RELATION = {
    "first son": "長男", "second son": "二男", "married son": "長男", "first daughter": "長女", "son's son": "長男",
    "head": "子",
}  # fmt: skip


def facts(town: Town) -> None:
    """Fill ca_recipient, ca_child and ca_payment."""
    bonds = links(town)
    people = recipients(town, bonds)
    people = people.with_columns(judged=_judged(bonds, people))
    rows = _recipients(town, people, _generations(town, bonds, people))
    town.add("ca_recipient", rows)
    last = rows.filter(pl.col("is_latest") == "1").select(
        "recipient_no", "operator_id", "operated_date", "operated_time"
    )
    town.add("ca_child", _children(town, bonds, people).join(last, on="recipient_no", maintain_order="left"))
    town.add("ca_payment", payments(town, bonds, people, rows))


def _judged(bonds: pl.DataFrame, people: pl.DataFrame) -> pl.Series:
    """The month whose figures are in force: March 2026; April where something begins then; the last one of who has ended."""
    newest = bonds.filter(pl.col("until").is_null()).group_by("recipient").agg(newest=pl.col("since").max())
    found = people.join(newest, on="recipient", how="left", maintain_order="left")
    return found.select(pl.coalesce("to", pl.max_horizontal(pl.lit(NOW), "newest"))).to_series()


def _generations(town: Town, bonds: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """One row a generation: recipient, month in which it began, child_count, monthly, account (0, or 1 once changed)."""
    rng = town.rng("ca_generation")
    span = people.select("recipient", "since", "to", "judged", last=pl.coalesce("to", pl.lit(NOW)))
    other = pl.col("last") - pl.Series(rng.integers(1, 30, people.height))
    span = span.with_columns(account=other)
    moved = span.filter((pl.Series(rng.random(people.height)) < 0.15) & (pl.col("account") > pl.col("since")))
    moved = moved.select("recipient", "account")
    changes = [
        span.select("recipient", month="since"),
        span.filter((pl.col("since") < law.REFORM) & (pl.col("last") > law.REFORM)).select(
            "recipient", month=pl.lit(law.REFORM, pl.Int64)
        ),
        bonds.select("recipient", month="since"),
        bonds.drop_nulls("until").select("recipient", month=pl.col("until") + 1),
        moved.select("recipient", month="account"),
        span.drop_nulls("to").select("recipient", month="to"),
    ]
    found = pl.concat(changes).unique().join(span.drop("account"), on="recipient").join(moved, on="recipient", how="left")
    month = pl.col("month")
    found = found.filter(month.is_between("since", pl.max_horizontal("last", "since", "judged")))
    found = found.sort("recipient", "month").with_columns(
        at=pl.when(pl.int_range(pl.len()).over("recipient") == pl.len().over("recipient") - 1)
        .then("judged").otherwise(month),
        moved=(month >= pl.col("account")).fill_null(value=False),
    )  # fmt: skip
    asked = found.select("recipient", month="at").unique()
    sums = law.paid(bonds, asked).group_by("recipient", "month").agg(
        child_count=pl.len().cast(pl.Int64), monthly=pl.col("yen").sum()
    )  # fmt: skip
    return found.join(
        sums, left_on=["recipient", "at"], right_on=["recipient", "month"], how="left", maintain_order="left"
    ).with_columns(pl.col("child_count", "monthly").fill_null(0))


def _accounts(rng: np.random.Generator, people: pl.DataFrame) -> pl.DataFrame:
    """Two accounts of each recipient: the one, and the one after it."""
    name = halfkana("name_kana").str.replace_many(SMALL).str.slice(0, 30)
    made = []
    for moved in (False, True):
        count = people.height
        made.append(
            people.select("recipient", moved=pl.lit(moved), account_name_kana=name).with_columns(
                bank_code=pl.Series(np.array(BANKS)[rng.integers(0, len(BANKS), count)]),
                branch_code=pl.Series(rng.integers(1, 400, count)).cast(pl.String).str.zfill(3),
                account_kind=pl.Series(rng.choice(["1", "1", "1", "1", "1", "1", "2", "4"], count)),
                account_no=pl.Series(rng.integers(1_000, 10_000_000, count)).cast(pl.String).str.zfill(7),
            )
        )
    return pl.concat(made)


def _recipients(town: Town, people: pl.DataFrame, generations: pl.DataFrame) -> pl.DataFrame:
    """Rows of ca_recipient."""
    rng = town.rng("ca_recipient rows")
    count = people.height
    living = pl.col("to").is_null() & (pl.col("kind") == "1")
    luck, report = pl.Series(rng.random(count)), pl.Series(rng.integers(0, 28, count))
    facts = people.with_columns(
        hold_kind=pl.when(living & (luck < 0.01)).then(pl.lit("3")).when(living & (luck < 0.02)).then(pl.lit("2")),
        reported=pl.when((pl.col("kind") == "1") & (luck > 0.85) & (pl.col("judged") >= law.number(2025, 6)))
        .then(pl.lit(date(2025, 6, 2)) + pl.duration(days=report)),
        dependents=pl.when(pl.col("kind") == "1").then(pl.Series(rng.integers(0, 4, count))),
    )  # fmt: skip
    rows = generations.join(facts.drop("since", "to", "judged"), on="recipient", maintain_order="left")
    rows = rows.join(_accounts(rng, people), on=["recipient", "moved"], how="left", maintain_order="left")
    last = pl.int_range(pl.len()).over("recipient") == pl.len().over("recipient") - 1
    rows = rows.with_columns(
        last=last,
        ended_now=last & pl.col("to").is_not_null(),
        rec_hist_no=pl.int_range(1, pl.len() + 1).over("recipient"),
        written=pl.min_horizontal(
            pl.max_horizontal(law.first_day(pl.col("month")) + pl.duration(days=9), "approved"), pl.lit(town.today)
        ),
    )
    person, over = pl.col("kind") == "1", pl.col("ended_now")
    rows = rows.sort("recipient", "rec_hist_no").with_columns(
        town.operated(rows.height, town.rng("ca_recipient operated"))
    )
    return rows.select(
        "recipient_no", "rec_hist_no", "atena_no", "spouse_atena_no", "dependents", "child_count", "monthly",
        "bank_code", "branch_code", "account_kind", "account_no", "account_name_kana", "operator_id", "operated_time",
        ca_kind=pl.when(pl.col("rich") & (pl.col("at") < law.REFORM)).then(pl.lit("2")).otherwise("kind"),
        applied_date=iso("applied"),
        apply_reason="came",
        approved_date=iso("approved"),
        from_ym=law.label(pl.col("since")),
        to_ym=pl.when(over).then(law.label(pl.col("to"))),
        ended_date=pl.when(over).then(iso("ended")),
        end_reason=pl.when(over).then("why"),
        pension_kind=pl.when(person).then(pl.col("work").replace_strict(PENSION, default=None)),
        official_flag=(over & (pl.col("why") == "13")).cast(pl.Int8).cast(pl.String),
        income=pl.when(person).then(pl.col("income") * 72 // 100_000 * 1_000),
        status_report_date=pl.when("last").then(iso("reported")),
        hold_kind=pl.when("last").then("hold_kind"),
        is_latest=pl.col("last").cast(pl.Int8).cast(pl.String),
        is_deleted=pl.lit("0"),
        operated_date=iso("written"),
    )  # fmt: skip


def _children(town: Town, bonds: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Rows of ca_child, with the figures of the month in force or of the child's last one."""
    judged = people.select("recipient", "judged", "recipient_no")
    whole = bonds.join(judged, on="recipient", maintain_order="left").with_columns(
        at=pl.min_horizontal("judged", "until")
    )
    asked = whole.select("recipient", month="at").unique()
    figures = law.paid(bonds, asked).select("recipient", "child_seq", "month", "kind", "place", "yen")
    whole = whole.rename({"kind": "home"}).join(
        figures, left_on=["recipient", "child_seq", "at"], right_on=["recipient", "child_seq", "month"],
        how="left", maintain_order="left",
    )  # fmt: skip
    who = town.people.select("birth_date", "role", child="person", child_atena_no="atena_no", child_name="name")
    whole = whole.join(who, on="child", maintain_order="left")
    student = pl.Series(town.rng("ca_abroad").random(whole.height) < 0.1)
    home = pl.col("home") == "3"
    return whole.select(
        "recipient_no", "child_seq", "child_atena_no", "child_name", "birth_date",
        rel_text=pl.when(~home).then(pl.col("role").replace_strict(RELATION, default="子")),
        living_kind=pl.when(home).then(pl.lit("3")).otherwise(pl.lit("1")),
        separated_care=pl.lit("0"),
        child_kind="kind",
        birth_order="place",
        from_ym=law.label(pl.col("since")),
        to_ym=law.label(pl.col("until")),
        abroad_flag=pl.when((pl.col("kind") == "5") & student).then(pl.lit("1")).otherwise(pl.lit("0")),
        monthly="yen",
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    )  # fmt: skip
