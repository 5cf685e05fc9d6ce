"""収滞納管理 of what the levying areas ask for: accounts term by term, who paid what, when and how, what was
paid too much, who has it drawn from a bank account, and what is done about those who do not pay.

`facts` works in steps: `collection_accounts.demanded` what is due (levies, corrections, arrears of earlier years),
`collection_payments.behaviour` and `paid` who pays, `set_off` what goes back or elsewhere, `collection_measures`
seizures and the like, `_accounts` what has become of each term, `collection_banks.accounts` direct debits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.collection_accounts import KEY, NOTICE, demanded
from town.collection_banks import bank_accounts
from town.collection_faults import FAULTS
from town.collection_measures import REPRIEVES, measures, written_off
from town.collection_payments import behaviour, numbered, paid, set_off
from town.core import iso, standard

if TYPE_CHECKING:
    from town.core import Town

__all__ = ["FAULTS", "facts"]

PREMIUMS = ("08", "09")
"""保険料: limited after two years; taxes after five."""


def facts(town: Town) -> None:
    """Fill the five tables of 収滞納管理."""
    due = demanded(town)
    if due.is_empty():
        return
    banks = bank_accounts(town, due)
    now = behaviour(town, due.filter(pl.col("is_latest") == "1"), banks)
    receipts = paid(town, now)
    refunds, receipts = set_off(town, now, receipts)
    steps, proceeds = measures(town, _left(now, receipts))
    receipts = numbered(pl.concat([receipts, proceeds], how="diagonal"), town.rng("rc_payment no"))
    refunds = refunds.join(
        receipts.select("mark", source="payment_no"), on="mark", how="left"
    ).sort("refund_no")
    accounts = _accounts(town, now, receipts, steps)
    older = due.filter(pl.col("is_latest") == "0")
    older = _older(older, receipts)
    steps = written_off(town, accounts, steps)
    whole = pl.concat([accounts, older], how="diagonal_relaxed").sort(*KEY, "account_hist_no")
    town.add("rc_account", _of(town, "rc_account", _noted(town, whole)))
    town.add("rc_payment", _of(town, "rc_payment", receipts))
    town.add("rc_bank_account", _of(town, "rc_bank_account", banks))
    town.add("rc_disposition", _of(town, "rc_disposition", steps))
    town.add("rc_refund", _of(town, "rc_refund", refunds))


SINCE = {"rc_payment": "posted_date", "rc_disposition": "disposition_date", "rc_refund": "decided"}
"""The day since which a row may have been written."""


def _of(town: Town, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The table's columns, managed as every row is."""
    if table in SINCE:
        since = frame[SINCE[table]].cast(pl.String).str.to_date()
        frame = frame.with_columns(
            town.operated(frame.height, town.rng(f"{table} operated"), since)
        )
        frame = frame.with_columns(is_latest=pl.lit("1"), is_deleted=pl.lit("0"))
    return frame.select(c.name for c in standard(table) if c.name in frame.columns)


def _noted(town: Town, accounts: pl.DataFrame) -> pl.DataFrame:
    """Who wrote a notice's generation, the same for all its terms."""
    group = [*NOTICE, "account_hist_no"]
    heads = accounts.group_by(group, maintain_order=True).agg(pl.col("levied_date").max())
    heads = heads.with_columns(
        town.operated(
            heads.height, town.rng("rc_account operated"), heads["levied_date"].str.to_date()
        )
    ).drop("levied_date")
    return accounts.join(heads, on=group, how="left", maintain_order="left")


def _sums(receipts: pl.DataFrame) -> pl.DataFrame:
    """What was received for each term, without cancelled payments."""
    valid = receipts.filter(pl.col("cancel_flag") == "0")
    return valid.group_by(KEY).agg(
        paid=pl.col("tax_paid").sum(), demand_fee_paid=pl.col("fee_paid").sum(), arrears_paid=pl.col("arrears_paid").sum(),
        last_paid=pl.col("payment_date").max(),
    )  # fmt: skip


def _left(now: pl.DataFrame, receipts: pl.DataFrame) -> pl.DataFrame:
    """The accounts with what is still unpaid."""
    rows = now.join(_sums(receipts), on=KEY, how="left", maintain_order="left")
    return rows.with_columns(unpaid=pl.col("levied") - pl.col("paid").fill_null(0))


def _accounts(
    town: Town, now: pl.DataFrame, receipts: pl.DataFrame, steps: pl.DataFrame
) -> pl.DataFrame:
    """The generations in force: paid, unpaid, limited, written off."""
    rows = _left(now, receipts).with_columns(
        pl.col("paid", "demand_fee_paid", "arrears_paid").fill_null(0)
    )
    renewing = steps.filter(pl.col("kind").is_in(["03", "05", "10"]))
    renewed = renewing.group_by("payer_atena_no").agg(
        renewed=pl.col("disposition_date").max().str.to_date()
    )
    stopped = steps.filter(pl.col("kind").is_in(REPRIEVES) & pl.col("released_date").is_null())
    rows = rows.join(renewed, on="payer_atena_no", how="left", maintain_order="left")
    overdue = (pl.col("unpaid") > 0) & (pl.col("due") < town.today)
    day = pl.duration(days=1)
    begins = pl.max_horizontal(
        pl.col("due"), pl.col("demanded") + pl.duration(days=10), pl.col("last_paid"),
        pl.when(pl.col("renewed") > pl.col("due")).then("renewed"),
    ) + day  # fmt: skip
    years = (
        pl.when(pl.col("subject_code").is_in(PREMIUMS)).then(pl.lit("2y")).otherwise(pl.lit("5y"))
    )
    rows = rows.with_columns(begins=pl.when(overdue).then(begins))
    rows = rows.with_columns(ends=pl.col("begins").dt.offset_by(years) - day)
    lapsed = pl.col("ends") <= town.today
    close = pl.date(
        pl.col("ends").dt.year() + (pl.col("ends").dt.month() > 3).cast(pl.Int32), 3, 31
    )
    return rows.with_columns(
        writeoff_date=pl.when(lapsed).then(iso(close)),
        writeoff=pl.when(lapsed).then("unpaid"),
        unpaid=pl.when(lapsed).then(0).otherwise("unpaid"),
        paid_off=(pl.col("unpaid") <= 0).cast(pl.Int8).cast(pl.String),
        demand_date=iso("demanded"),
        demand_fee=pl.when(pl.col("demanded").is_not_null()).then(100).otherwise(0),
        arrears="arrears_paid",
        demand_stop=pl.col("payer_atena_no").is_in(stopped["payer_atena_no"].implode()).cast(pl.Int8).cast(pl.String),
        limitation_from=iso("begins"), limitation_to=iso("ends"),
    )  # fmt: skip


def _older(rows: pl.DataFrame, receipts: pl.DataFrame) -> pl.DataFrame:
    """The generations before a correction: as they stood on that day."""
    then = receipts.filter(pl.col("cancel_flag") == "0").join(
        rows.select(*KEY, "until"), on=KEY, how="inner"
    )
    then = then.filter(pl.col("payment_date") < pl.col("until"))
    rows = rows.join(_sums(then), on=KEY, how="left", maintain_order="left")
    none = pl.lit(0, pl.Int64)
    paid = pl.min_horizontal(pl.col("paid").fill_null(0), "levied")
    return rows.with_columns(
        paid=paid, unpaid=pl.col("levied") - paid, paid_off=(pl.col("levied") == paid).cast(pl.Int8).cast(pl.String),
        demand_fee=none, demand_fee_paid=none, arrears=none, arrears_paid=none, demand_stop=pl.lit("0"),
    )  # fmt: skip
