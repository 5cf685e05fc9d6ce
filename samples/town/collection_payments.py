"""収納: who pays which term when and how, what is paid twice, at the wrong place or too much, and where it goes.

Whoever is withheld from pays in time. Most others do; some late, with fee and arrears, some a part, some nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from town.collection_accounts import KEY, withheld
from town.core import iso, workday

if TYPE_CHECKING:
    import numpy as np

    from town.core import Town

COUNTERS = ["01", "03", "04", "05", "06"]
"""C112 of those who bring or send the money themselves, and how many of them."""
SHARES = [0.38, 0.4, 0.06, 0.05, 0.11]

DIRECT, CVS, BY_PENSION, BY_WAGES, OFFSET, ELSEWHERE = "02", "03", "07", "08", "09", "99"

DEMANDED_AFTER = 20
"""Days after the term's end (地方税法329条 and its like)."""
FEE = 100
"""督促手数料."""
RATES = (24, 87)
"""延滞金 per mille and year: in the first month, later."""
POSTED_WITHIN = 9
"""Days after which every receipt is in the books."""

RECEIPT = [
    *KEY,
    "mark",
    "pay_kind",
    "payment_date",
    "tax_paid",
    "fee_paid",
    "arrears_paid",
    "overpaid_flag",
    "cancel_flag",
]


def behaviour(town: Town, accounts: pl.DataFrame, banks: pl.DataFrame) -> pl.DataFrame:
    """The accounts in force with what their payer does (`does`), when (`paid_on`), how (`pay_kind`), and the
    day of the demand (`demanded`)."""
    rng = town.rng("rc_payment")
    count = accounts.height
    last = town.today - timedelta(days=POSTED_WITHIN)
    in_force = banks.filter(pl.col("status") == "1").select(
        "payer_atena_no", "subject_code", direct=pl.lit(value=True)
    )
    rows = accounts.join(
        in_force, on=["payer_atena_no", "subject_code"], how="left", maintain_order="left"
    )
    payers = rows.select("payer_atena_no").unique().sort("payer_atena_no")
    payers = payers.with_columns(slack=pl.Series(rng.random(payers.height)) < 0.07)
    rows = rows.join(payers, on="payer_atena_no", how="left", maintain_order="left")
    luck, later = pl.Series(rng.random(count)), pl.Series(rng.integers(25, 140, count))
    ready = pl.Series(rng.integers(0, 20, count))
    counter = pl.Series(rng.choice(COUNTERS, count, p=SHARES))
    direct = pl.col("direct").fill_null(value=False)
    earlier = pl.col("levy_year") < str(town.today.year - 1)
    earlier = earlier & (pl.col("subject_code") != "05")
    over = pl.col("due") <= town.today
    late_on = pl.col("due") + pl.duration(days=later)
    does = (
        pl.when(pl.col("levied") < 0).then(pl.lit("returned"))
        .when((pl.col("levied") == 0) & (pl.col("before").fill_null(0) == 0)).then(pl.lit("nothing"))
        .when(earlier).then(pl.when(luck < 0.3).then(pl.lit("part")).otherwise(pl.lit("unpaid")))
        .when(~over).then(pl.when(~withheld() & (luck < 0.1)).then(pl.lit("early")).otherwise(pl.lit("unpaid")))
        .when(withheld()).then(pl.lit("in time"))
        .when(pl.col("before").fill_null(0) > pl.col("levied")).then(pl.lit("in time"))
        .when("slack").then(
            pl.when(luck < 0.45).then(pl.lit("unpaid")).when(luck < 0.6).then(pl.lit("part"))
            .when((luck < 0.85) & (late_on < last)).then(pl.lit("late"))
            .when(luck > 0.94).then(pl.lit("twice")).otherwise(pl.lit("in time"))
        )
        .when(luck < 0.008).then(pl.lit("twice"))
        .when(luck < 0.014).then(pl.lit("mistaken"))
        .when((luck < 0.03) & (late_on < last)).then(pl.lit("late"))
        .when(luck < 0.035).then(pl.lit("unpaid")).otherwise(pl.lit("in time"))
    )  # fmt: skip
    rows = rows.with_columns(does=does, late_on=late_on)
    kind = (
        pl.when(pl.col("does") == "returned").then(pl.lit(ELSEWHERE))
        .when(pl.col("subject_code") == "02").then(pl.lit(BY_WAGES)).when(withheld()).then(pl.lit(BY_PENSION))
        .when(direct & (pl.col("does") == "in time") & (pl.col("due") <= last)).then(pl.lit(DIRECT)).otherwise(counter)
    )  # fmt: skip
    rows = rows.with_columns(pay_kind=kind)
    drawn = pl.col("pay_kind").is_in([DIRECT, BY_WAGES, BY_PENSION])
    some_day = pl.col("due") - pl.duration(days=ready)
    early = pl.lit(last) - pl.duration(days=ready + 5)
    part = (
        pl.when(pl.col("levy_year") == "2025")
        .then(pl.lit(last) - pl.duration(days=ready + 5))
        .otherwise("late_on")
    )
    paid_on = (
        pl.when(pl.col("does") == "late").then("late_on").when(pl.col("does") == "early").then(early)
        .when(pl.col("does") == "part").then(part).when(drawn).then("due").otherwise(some_day)
    )  # fmt: skip
    sent = workday(pl.col("due") + pl.duration(days=DEMANDED_AFTER))
    paid_on = pl.min_horizontal(paid_on, pl.lit(last))
    rows = rows.with_columns(paid_on=paid_on, sent=sent)
    waits = pl.col("does").is_in(["unpaid", "part", "late"]) & (pl.col("sent") <= town.today)
    missed = waits & ((pl.col("does") != "late") | (pl.col("paid_on") > pl.col("sent")))
    return rows.with_columns(demanded=pl.when(missed & ~withheld()).then("sent")).drop(
        "slack", "direct", "late_on", "sent"
    )


def paid(town: Town, now: pl.DataFrame) -> pl.DataFrame:
    """The receipts of the accounts (columns RECEIPT): one each, two of what was paid twice, three of mistakes."""
    rng = town.rng("rc_payment amounts")
    rows = now.filter(~pl.col("does").is_in(["unpaid", "nothing"]))
    share = pl.Series(rng.integers(2, 7, rows.height))
    before = (
        pl.when(pl.col("paid_on") < pl.col("until"))
        .then(pl.max_horizontal("before", "levied"))
        .otherwise("levied")
    )
    portion = (pl.col("levied") * share // 10 // 100 * 100).clip(100)
    amount = pl.when(pl.col("does") == "part").then(pl.min_horizontal(portion, "levied"))
    late = (pl.col("does") == "late") & pl.col("demanded").is_not_null()
    rows = rows.with_columns(
        tax_paid=amount.when(pl.col("before").is_null()).then("levied").otherwise(before),
        fee_paid=pl.when(late).then(FEE).otherwise(0),
        arrears_paid=pl.when(pl.col("does") == "late").then(_interest()).otherwise(0),
        payment_date="paid_on", overpaid_flag=pl.lit("0"), cancel_flag=pl.lit("0"), mark=pl.lit("first"),
    ).filter(pl.col("tax_paid") != 0)  # fmt: skip
    wrong = rows.filter(pl.col("does") == "mistaken").with_columns(
        payment_date=pl.col("paid_on") - pl.duration(days=3), cancel_flag=pl.lit("1")
    )
    twice = rows.filter(pl.col("does") == "twice").with_columns(
        payment_date=pl.min_horizontal(pl.col("paid_on") + pl.duration(days=7), pl.lit(town.today - timedelta(days=POSTED_WITHIN))),
        overpaid_flag=pl.lit("1"),
    )  # fmt: skip
    return pl.concat([
        rows, wrong.with_columns(mark=pl.lit("wrong")),
        wrong.with_columns(tax_paid=-pl.col("tax_paid"), mark=pl.lit("undone")),
        twice.with_columns(mark=pl.lit("again")),
    ]).with_columns(mark=pl.concat_str(*KEY, "mark", separator=" ")).select(RECEIPT)  # fmt: skip


def _interest() -> pl.Expr:
    """延滞金: on thousands of yen of at least 2,000, cut to hundreds, nothing below 1,000 (地方税法20条の4の2)."""
    days = (pl.col("paid_on") - pl.col("due")).dt.total_days()
    base = pl.col("levied") // 1000 * 1000
    first = pl.min_horizontal(days, 31)
    found = base * (first * RATES[0] + (days - first).clip(0) * RATES[1]) // 365_000 // 100 * 100
    return pl.when((pl.col("levied") >= 2000) & (found >= 1000)).then(found).otherwise(0)


def set_off(
    town: Town, now: pl.DataFrame, receipts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What was received too much: refunds, and the receipts with those made by setting off (充当).

    A refund's `mark` is that of the receipt it comes from: the last of its term.
    """
    rng = town.rng("rc_refund")
    valid = receipts.filter(pl.col("cancel_flag") == "0")
    sums = valid.group_by(KEY).agg(
        received=pl.col("tax_paid").sum(), mark=pl.col("mark").last(), last=pl.col("payment_date").max(),
    )  # fmt: skip
    rows = now.select(*KEY, "payer_atena_no", "levied", "due", "until").join(
        sums, on=KEY, how="left", maintain_order="left"
    )
    left = (pl.col("levied") - pl.col("received").fill_null(0)).alias("left")
    rows = rows.with_columns(left).sort("payer_atena_no", *KEY)
    over = rows.filter((pl.col("left") < 0) & (pl.col("levied") >= 0))
    known = pl.max_horizontal(
        workday(pl.col("last") + pl.duration(days=30)),
        workday(pl.col("until") + pl.duration(days=14)),
    )
    over = over.with_columns(
        over_amount=-pl.col("left"), decided=known, luck=pl.Series(rng.random(over.height))
    )
    owed = rows.filter((pl.col("left") > 0) & (pl.col("due") < town.today - timedelta(days=60)))
    owed = (
        owed.sort("left", "due", *KEY, descending=True)
        .group_by("payer_atena_no", maintain_order=True)
        .first()
    )
    owed = owed.select(
        "payer_atena_no", *(pl.col(k).alias(f"to_{k}") for k in KEY), to_left="left", to_due="due"
    )
    over = over.join(owed, on="payer_atena_no", how="left", maintain_order="left")
    done = pl.col("decided") <= town.today - timedelta(days=POSTED_WITHIN)
    first = pl.int_range(pl.len()).over("payer_atena_no") == 0
    fits = (
        (pl.col("to_left") >= pl.col("over_amount"))
        & (pl.col("decided") > pl.col("to_due"))
        & first
    )
    pending = pl.col("luck") < 0.15
    kind = (
        pl.when(~done | pending).then(pl.lit("3")).when(fits.fill_null(value=False)).then(pl.lit("2")).otherwise(pl.lit("1"))
    )  # fmt: skip
    over = over.with_columns(refund_kind=kind)
    offset = pl.col("refund_kind") == "2"
    added = over.filter(offset).select(
        *(pl.col(f"to_{k}").alias(k) for k in KEY), mark=pl.concat_str(*(f"to_{k}" for k in KEY), pl.lit("offset"), separator=" "),
        pay_kind=pl.lit(OFFSET), payment_date="decided", tax_paid="over_amount", fee_paid=pl.lit(0, pl.Int32),
        arrears_paid=pl.lit(0, pl.Int64), overpaid_flag=pl.lit("0"), cancel_flag=pl.lit("0"),
    ).select(RECEIPT)  # fmt: skip
    number = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)
    refunds = over.sort("last", *KEY).with_columns(
        refund_no="R07" + number,
        interest=pl.when((pl.col("refund_kind") == "1") & (pl.col("over_amount") > 60_000)).then(1000).otherwise(0),
        refund_date=pl.when(pl.col("refund_kind") != "3").then(iso("decided")),
        to_subject=pl.when(offset).then("to_subject_code"), to_notice_no=pl.when(offset).then("to_notice_no"),
        to_term=pl.when(offset).then("to_term"),
        limitation=iso(pl.col("last").dt.offset_by("5y")),
        decided=pl.when(pl.col("refund_kind") == "3").then("last").otherwise("decided"),
    )  # fmt: skip
    return refunds, pl.concat([receipts, added], how="vertical_relaxed")


def numbered(receipts: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Receipts in the order of their posting, with number, posting day, payment slip and shop."""
    count = receipts.height
    receipts = receipts.sort("payment_date", "mark")
    posted = workday(
        pl.col("payment_date") + pl.duration(days=pl.Series(rng.integers(1, 5, count)))
    )
    receipts = receipts.with_columns(posted=posted, luck=pl.Series(rng.integers(0, 10**6, count)))
    receipts = receipts.sort("posted", "mark")
    serial = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(8)
    year = (pl.col("posted").dt.year() - (pl.col("posted").dt.month() < 4).cast(pl.Int32)).cast(
        pl.String
    )
    by_slip = pl.col("pay_kind").is_in(COUNTERS)
    shop = pl.concat_str(
        (pl.col("luck") % 7 + 901).cast(pl.String), (pl.col("luck") % 37 + 1).cast(pl.String).str.zfill(6)
    )  # fmt: skip
    return receipts.with_columns(
        payment_no=year + serial,
        posted_date="posted",
        slip_no=pl.when(by_slip).then(pl.concat_str("levy_year", serial, "term")),
        cvs_code=pl.when(pl.col("pay_kind") == CVS).then(shop),
    )  # fmt: skip
