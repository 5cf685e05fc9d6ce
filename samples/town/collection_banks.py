"""口座振替: whose taxes and premiums are drawn from which bank account, and from which they were before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.collection_accounts import ORDINARY, withheld
from town.core import iso
from town.spell import halfkana

if TYPE_CHECKING:
    from town.core import Town

BANKS = {"0971": "浅間銀行", "0972": "しらね信用金庫", "0973": "浅間農業協同組合"}
"""None of these codes belongs to a bank."""
YUCHO = "9900"

LARGE = dict(zip("ｧｨｩｪｫｬｭｮｯｰ", "ｱｲｳｴｵﾔﾕﾖﾂ-", strict=True)) | {"･": " ", "'": " ", "’": " "}
FORMS = {"カブシキガイシャ": "カ", "ユウゲンガイシャ": "ユ", "ゴウドウガイシャ": "ド"}

CHANGED = date(2019, 4, 1)


def bankers(kana: pl.Expr) -> pl.Expr:
    """A name in the banks' characters: at most 30, half-width, no small letters; companies ｶ)ｱｻﾏｼﾖｳｼﾞ.

    >>> pl.select(a=bankers(pl.lit("カブシキガイシャアサマショージ")), b=bankers(pl.lit("キョウ　ソウタ"))).row(0)
    ('ｶ)ｱｻﾏｼﾖ-ｼﾞ', 'ｷﾖｳ ｿｳﾀ')
    """
    for form, letter in FORMS.items():
        kana = kana.str.replace(f"^{form}", f"{letter}）").str.replace(f"{form}$", f"（{letter}")
    half = halfkana(kana).str.to_uppercase().str.replace_many(list(LARGE), list(LARGE.values()))
    return half.str.slice(0, 30).str.strip_chars()


def named(town: Town) -> pl.DataFrame:
    """atena_no, name, name_kana of everyone on the registers."""
    columns = ("atena_no", "name", "name_kana")
    return pl.concat([f.select(columns) for f in (town.people, town.outsiders, town.companies)])


def bank_accounts(town: Town, due: pl.DataFrame) -> pl.DataFrame:
    """rc_bank_account: one account a payer for several subjects; of some the one before."""
    rng = town.rng("rc_bank_account")
    own = due.filter(~withheld() & pl.col("subject_code").is_in(ORDINARY))
    own = own.select("payer_atena_no", "subject_code").unique()
    payers = own.select("payer_atena_no").unique().sort("payer_atena_no")
    payers = payers.join(
        named(town),
        left_on="payer_atena_no",
        right_on="atena_no",
        how="inner",
        maintain_order="left",
    )
    payers = payers.filter(pl.Series(rng.random(payers.height) < 0.42))
    count = payers.height
    state = pl.Series(rng.choice(["1", "2", "9"], count, p=[0.93, 0.04, 0.03]))
    begun = pl.Series(np.datetime64("2004-04-01") + rng.integers(0, 7_700, count).astype("m8[D]"))
    numbers = pl.Series(rng.integers(1, 10**7, count))
    payers = payers.with_columns(
        status=state, begun=begun.dt.month_start(), digits=numbers, luck=pl.Series(rng.random(count)),
        bank=pl.Series(rng.choice([*BANKS, YUCHO], count)), branch=pl.Series(rng.integers(1, 40, count)),
    )  # fmt: skip
    again = (pl.col("luck") < 0.2) & (pl.col("begun") > CHANGED)
    now = payers.with_columns(account_seq=pl.when(again).then(2).otherwise(1))
    old = payers.filter(again).with_columns(
        account_seq=pl.lit(1, pl.Int32), status=pl.lit("9"), ended=pl.col("begun") - pl.duration(days=1),
        begun=pl.col("begun").dt.offset_by("-11y"), bank=pl.lit("0972"), digits=9_999_999 - pl.col("digits"),
    )  # fmt: skip
    closed = pl.col("status") == "9"
    now = now.with_columns(ended=pl.when(closed).then(pl.lit(date(2025, 9, 30))))
    rows = pl.concat([now, old], how="diagonal_relaxed").sort("payer_atena_no", "account_seq")
    rows = rows.with_columns(
        town.operated(rows.height, town.rng("rc_bank_account operated"), rows["begun"]),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    )
    chosen = own.with_columns(
        luck2=(
            pl.col("payer_atena_no").cast(pl.Int64) // 10 * 7
            + pl.col("subject_code").cast(pl.Int64) * 3
        )
        % 10
    )
    chosen = chosen.filter((pl.col("luck2") < 8) | (pl.len().over("payer_atena_no") == 1)).drop(
        "luck2"
    )
    rows = rows.join(chosen, on="payer_atena_no", how="inner").sort(
        "payer_atena_no", "account_seq", "subject_code"
    )
    post = pl.col("bank") == YUCHO
    number = pl.col("digits").cast(pl.String).str.zfill(7)
    prepaid = (pl.col("subject_code") == "04") & (pl.col("luck") > 0.85)
    return rows.with_columns(
        bank_code="bank",
        branch_code=pl.when(~post).then(pl.col("branch").cast(pl.String).str.zfill(3)),
        account_kind=pl.when(~post).then(pl.when(pl.col("branch") % 9 == 0).then(pl.lit("2")).otherwise(pl.lit("1"))),
        account_no=pl.when(~post).then(number),
        account_name_kana=bankers(pl.col("name_kana")), account_name=pl.col("name"),
        yucho_symbol=pl.when(post).then(pl.concat_str(pl.lit("1"), (pl.col("branch") + 100).cast(pl.String), pl.lit("0"))),
        yucho_number=pl.when(post).then(pl.concat_str(number.str.slice(0, 7), pl.lit("1"))),
        applied_date=iso(pl.col("begun") - pl.duration(days=25)), valid_from=iso("begun"), valid_to=iso("ended"),
        full_prepay=prepaid.cast(pl.Int8).cast(pl.String),
    ).drop("luck")  # fmt: skip
