"""What may be wrong with 収滞納管理 that a legacy file carries and conversion lets pass.

Not planted: R006 (two generations of a notice in force would double everything that R059 adds up), an account
number that is too short (R064: one vendor's numbers have lost their zeros, so every number is filled up), and
R059k (a corporation without any account).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.collection_accounts import KEY, NOTICE, retiring, withheld
from town.core import Fault
from town.register import numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from town.core import Town

    Plant = Callable[[Town, Generator, int], list[str]]

NOBODY = numbers(980_000_000, 1)[0]
"""A 宛名番号 that nobody has."""

LIVE = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")
OWN_YEAR = (pl.col("levy_year") == pl.col("tax_year")) & (pl.col("levy_year") == "2025")
OWED = LIVE & (pl.col("unpaid") > 1_000) & pl.col("writeoff_date").is_null() & ~withheld()
FIRST = pl.col("term") == pl.col("term").min().over(NOTICE)
SPENT = pl.col("limitation_to").is_not_null()


def _more(column: str, amount: int, *where: pl.Expr) -> Plant:
    """A sum of an account is changed by so much, and nothing else."""

    def plant(town: Town, _: Generator, n: int) -> list[str]:
        taken = town.take("rc_account", n, pl.all_horizontal(*where))
        return town.alter("rc_account", taken, **{column: pl.col(column) + amount})

    return plant


def _unreceived(town: Town, _: Generator, n: int) -> list[str]:
    """1,000 yen are counted as paid that nobody paid."""
    taken = town.take("rc_account", n, OWED)
    columns = {"paid": pl.col("paid") + 1_000, "unpaid": pl.col("unpaid") - 1_000}
    return town.alter("rc_account", taken, **columns)


def _lost(town: Town, _: Generator, n: int) -> list[str]:
    """A mistaken payment and its reversal stand under a term that is not there."""
    mistakes = LIVE & (pl.col("cancel_flag") == "1") & (pl.col("tax_paid") > 0)
    mistakes = mistakes & pl.col("subject_code").is_in(["01", "04", "06"])
    taken = town.take("rc_payment", n, mistakes)
    both = _rows(town, "rc_payment", taken, KEY).filter(pl.col("cancel_flag") == "1")
    return town.alter("rc_payment", both, term=pl.lit("12"))


def _rows(town: Town, table: str, taken: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """The rows of a table that agree with taken ones."""
    return town.rows(table, pl.lit(value=True)).join(taken.select(on), on=on, how="semi")


def _demanded(subject: str, amount: int = 100) -> Plant:
    """The first term demands 100 yen more than was levied; of employers, less."""

    def plant(town: Town, _: Generator, n: int) -> list[str]:
        of = (
            LIVE
            & OWN_YEAR
            & FIRST
            & (pl.col("subject_code") == subject)
            & (pl.col("levy_kind") != "5")
        )
        if subject == "02":
            of = of & ~retiring() & pl.col("special_agent_no").is_in(_agreeing(town).implode())
        taken = town.take("rc_account", n, of)
        columns = {"levied": pl.col("levied") + amount, "unpaid": pl.col("unpaid") + amount}
        return town.alter("rc_account", taken, **columns)

    return plant


def _agreeing(town: Town) -> pl.Series:
    """Employers whose accounts add up to what their people's instalments do: no other fault touched them."""
    own = pl.col("levy_year") == pl.col("tax_year")
    due = town.truth["it_ledger"].filter(LIVE & own & (pl.col("collection_kind") == "2"))
    asked = town.truth["rc_account"].filter(LIVE & own & (pl.col("subject_code") == "02"))
    sums = due.group_by("special_agent_no").agg(pl.col("amount").sum())
    both = asked.group_by("special_agent_no").agg(pl.col("levied").sum()).join(sums, on="special_agent_no")
    return both.filter(pl.col("levied") == pl.col("amount"))["special_agent_no"]


def _declared(town: Town, _: Generator, n: int) -> list[str]:
    """法人住民税: the newest year's first account demands 100 yen more than the returns."""
    of = LIVE & (pl.col("subject_code") == "05")
    earlier = pl.col("due_date").str.to_date() - pl.duration(days=7)
    year = earlier.dt.year() - (earlier.dt.month() < 4).cast(pl.Int32)
    accounts = town.truth["rc_account"].filter(of).with_columns(year=year)
    newest = accounts.filter(pl.col("year") == pl.col("year").max()).sort(
        "due_date", "notice_no", "term"
    )
    first = (
        newest.group_by("payer_atena_no", maintain_order=True)
        .first()
        .select(*KEY, first=pl.lit(value=True))
    )
    rows = town.truth["rc_account"].join(first, on=KEY, how="left", maintain_order="left")
    taken = town.take("rc_account", n, of & rows["first"].fill_null(value=False))
    return town.alter(
        "rc_account", taken, levied=pl.col("levied") + 100, unpaid=pl.col("unpaid") + 100
    )


def _saturday(town: Town, _: Generator, n: int) -> list[str]:
    """The term ends on a Saturday."""
    taken = town.take(
        "rc_account",
        n,
        LIVE & ~withheld() & (pl.col("subject_code") != "05") & (pl.col("levied") > 0),
    )
    day = pl.col("due_date").str.to_date()
    ahead = (6 - day.dt.weekday()) % 7
    return town.alter("rc_account", taken, due_date=(day + pl.duration(days=ahead)).cast(pl.String))


def _limited(town: Town, _: Generator, n: int) -> list[str]:
    """The limitation has run out, nothing was written off."""
    taken = town.take("rc_account", n, OWED & SPENT)
    return town.alter("rc_account", taken, limitation_to=pl.lit("2026-03-10"))


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """The first generation of a whole notice is missing."""
    again = town.truth["rc_account"].filter(pl.col("account_hist_no") > 1)["notice_no"]
    once = LIVE & OWN_YEAR & FIRST & ~pl.col("notice_no").is_in(again.implode())
    taken = town.take("rc_account", n, once & (pl.col("levied") > 0))
    notice = _rows(town, "rc_account", taken, NOTICE)
    return town.alter("rc_account", notice, account_hist_no=pl.lit(2))


def _posted(town: Town, _: Generator, n: int) -> list[str]:
    """Posted the day before it was received."""
    taken = town.take("rc_payment", n, LIVE & (pl.col("cancel_flag") == "0"))
    day = pl.col("payment_date").str.to_date() - pl.duration(days=1)
    return town.alter("rc_payment", taken, posted_date=day.cast(pl.String))


def _unrefunded(town: Town, _: Generator, n: int) -> list[str]:
    """Marked as paid too much, and nothing is to be refunded."""
    refunded = town.truth["rc_refund"].select(KEY)
    plain = town.truth["rc_payment"].join(refunded, on=KEY, how="anti")
    of = (
        LIVE
        & (pl.col("cancel_flag") == "0")
        & pl.col("payment_no").is_in(plain["payment_no"].implode())
    )
    taken = town.take("rc_payment", n, of & (pl.col("pay_kind") != "07"))
    return town.alter("rc_payment", taken, overpaid_flag=pl.lit("1"))


def _refunded(town: Town, _: Generator, n: int) -> list[str]:
    """A refund of nothing."""
    marked = town.truth["rc_payment"].filter(pl.col("overpaid_flag") == "1").select(KEY)
    plain = town.truth["rc_refund"].join(marked, on=KEY, how="anti")
    of = LIVE & pl.col("refund_no").is_in(plain["refund_no"].implode()) & (pl.col("interest") == 0)
    return town.alter("rc_refund", town.take("rc_refund", n, of), over_amount=pl.lit(0))


def _small(town: Town, _: Generator, n: int) -> list[str]:
    """The holder's name has a small letter, for every subject of the account."""
    taken = town.take(
        "rc_bank_account", n, LIVE & (pl.col("account_name_kana").str.len_chars() < 30)
    )
    same = _rows(town, "rc_bank_account", taken, ["payer_atena_no", "account_seq"])
    return town.alter("rc_bank_account", same, account_name_kana=pl.col("account_name_kana") + "ｮ")


def _both(town: Town, _: Generator, n: int) -> list[str]:
    """The account before is still in force beside the new one."""
    current = town.truth["rc_bank_account"].filter(
        (pl.col("account_seq") == 2) & (pl.col("status") == "1")
    )
    old = (pl.col("account_seq") == 1) & pl.col("payer_atena_no").is_in(
        current["payer_atena_no"].implode()
    )
    taken = town.take("rc_bank_account", n, LIVE & old)
    same = _rows(town, "rc_bank_account", taken, ["payer_atena_no"])
    new = same.filter(pl.col("account_seq") == 1)
    town.alter("rc_bank_account", new, status=pl.lit("1"), valid_to=pl.lit(None, pl.String))
    return town.keys("rc_bank_account", same)


def _nobody(town: Town, _: Generator, n: int) -> list[str]:
    """Somebody who is on no register."""
    taken = town.take("rc_disposition", n, LIVE & (pl.col("kind") != "10"))
    return town.alter("rc_disposition", taken, payer_atena_no=pl.lit(NOBODY))


def _short(town: Town, _: Generator, n: int) -> list[str]:
    """The instalments agreed on do not cover what is due."""
    taken = town.take("rc_disposition", n, LIVE & (pl.col("kind") == "10"))
    return town.alter(
        "rc_disposition",
        taken,
        installment_amount=pl.col("target_amount") // (pl.col("installments") * 2),
    )


def _undemanded(table: str, subject: str, taxed: pl.Expr, *, once: bool = False) -> Plant:
    """The accounts of a levy are deleted, with their payments; `once`: the levy's first row is reported."""

    def plant(town: Town, _: Generator, n: int) -> list[str]:
        own = town.truth["rc_account"].filter((pl.col("subject_code") == subject) & OWN_YEAR)
        known = pl.col("notice_no").is_in(own["notice_no"].implode()) & (
            pl.col("tax_year") == "2025"
        )
        taken = town.take(table, n, LIVE & taxed & known)
        for part in ("rc_account", "rc_payment", "rc_refund"):
            of = (
                (pl.col("subject_code") == subject)
                & OWN_YEAR
                & pl.col("notice_no").is_in(taken["notice_no"].implode())
            )
            town.alter(part, town.rows(part, of), is_deleted=pl.lit("1"))
        rows = _rows(town, table, taken, ["tax_year", "notice_no"]).filter(LIVE & taxed)
        if once:
            rows = rows.sort("term").group_by("notice_no", maintain_order=True).first()
        return town.keys(table, rows)

    return plant


BEFORE = (pl.col("annual") > pl.col("exemption").fill_null(0)) & (
    pl.col("levy_year") == pl.col("tax_year")
)
VALID = pl.col("levy_kind") != "5"
HELD = ~pl.col("taxation_kind").is_in(["2", "4"])

FAULTS = [  # those first for which there are few rows
    Fault("R063b", "rc_refund", _refunded),
    Fault("R064b", "rc_bank_account", _both),
    Fault("R065b", "rc_disposition", _short),
    Fault("R058b", "rc_payment", _lost),
    Fault("R057", "rc_account", _more("unpaid", 1_000, OWED)),
    Fault("R058", "rc_account", _unreceived),
    *(
        Fault(rule, "rc_account", _demanded(subject, -100 if subject == "02" else 100))
        for rule, subject in (
            ("R059", "04"), ("R059b", "01"), ("R059c", "02"), ("R059e", "06"), ("R059f", "07"), ("R059g", "08"), ("R059h", "09"),
        )
    ),
    Fault("R059d", "rc_account", _declared),
    Fault("R059i", "fa_levy", _undemanded("fa_levy", "04", (pl.col("annual_tax") > 0) & VALID)),
    Fault("R059j", "it_ledger", _undemanded("it_ledger", "01", (pl.col("collection_kind") == "1") & OWN_YEAR, once=True)),
    Fault("R059l", "lv_levy", _undemanded("lv_levy", "06", (pl.col("tax") > pl.col("exemption").fill_null(0)) & VALID & HELD)),
    Fault("R059m", "nhi_levy", _undemanded("nhi_levy", "07", BEFORE)),
    Fault("R059n", "ltci_levy", _undemanded("ltci_levy", "08", BEFORE)),
    Fault("R059o", "el_levy", _undemanded("el_levy", "09", BEFORE)),
    Fault("R007", "rc_account", _skipped),
    Fault("R060", "rc_account", _saturday),
    Fault("R061", "rc_account", _limited),
    Fault("R062", "rc_payment", _posted),
    Fault("R063", "rc_payment", _unrefunded),
    Fault("R064", "rc_bank_account", _small),
    Fault("R065", "rc_disposition", _nobody),
]  # fmt: skip
