"""就学異動 (0502) and 就学援助 (0503): what follows from a child's rows on the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town import school_places as places
from town import spell
from town.core import iso, workday

if TYPE_CHECKING:
    from numpy.random import Generator

STAMPS = ("operator_id", "operated_date", "operated_time")
SMALL = dict(zip("ｧｨｩｪｫｬｭｮｯｰ", "ｱｲｳｴｵﾔﾕﾖﾂ-", strict=True))
"""No small kana and no long vowel in the name of an account."""


def events(newest: pl.DataFrame) -> pl.DataFrame:
    """school_event, numbered for each child in the order of the days; stamped as the year's register is."""
    year = pl.col("school_year").cast(pl.Int64)
    rows = newest.filter(pl.col("school_year") < "2026").with_columns(
        begins=pl.date(year, 4, 7), first=pl.date(year, 4, 1), last=pl.date(year + 1, 3, 31)
    )
    blank = pl.lit(None, pl.String)
    enrolled, put_off = pl.col("enrolled_school"), pl.col("exemption_kind").is_not_null()
    came = pl.col("entered").is_between(pl.col("first") + pl.duration(days=6), pl.col("last"))
    starts = pl.col("number").is_in([1, 7]) & ~came & ~put_off & ~((pl.col("number") == 7) & pl.col("school_kind").is_in(["4"]))
    gone = pl.col("removed").is_between(pl.col("first"), pl.col("last"))
    died = pl.col("died") == "1"

    def some(when: pl.Expr, reason: pl.Expr | str, day: pl.Expr, **more: pl.Expr) -> pl.DataFrame:
        named = {"notified": pl.lit(None, pl.Date), "from_school": blank, "to_school": blank, "to_grade": blank, "note": blank}
        code = pl.lit(reason) if isinstance(reason, str) else reason
        return rows.filter(when).select("atena_no", "school_year", *STAMPS, event_reason=code, day=day, **(named | more))

    to = {"to_school": enrolled, "to_grade": pl.col("grade")}
    out = pl.when(pl.col("out_area_flag") == "1").then(pl.lit("04")).otherwise(pl.lit("01"))
    found = pl.concat([
        some(starts, out, pl.col("begins"), **(to | {"to_school": pl.when(pl.col("turn").is_not_null()).then("assigned_school").otherwise(enrolled)})),
        some(came & ~put_off, "02", pl.col("enrolled_date").str.to_date(), notified=pl.col("entered"),
             from_school=pl.when(pl.col("number") < 7).then(places.of_number(pl.lit(places.FROM_AFAR), "code")), **(to | {"to_school": pl.when(pl.col("turn").is_not_null()).then("assigned_school").otherwise(enrolled)})),
        some(pl.col("turn").is_not_null(), "05", pl.col("turn"), notified=pl.col("turn") - pl.duration(days=10),
             from_school=pl.col("assigned_school"), note=pl.lit("留守家庭のため"), **to),
        some(put_off, "14", pl.col("first"), notified=pl.col("first") - pl.duration(days=60)),
        some(pl.col("graduated_date").is_not_null(), "11", pl.col("graduated_date").str.to_date(), from_school=enrolled),
        some(gone, pl.when(died).then(pl.lit("13")).otherwise(pl.lit("12")), pl.col("removed"), notified=pl.col("removed"), from_school=enrolled),
    ])  # fmt: skip
    found = found.sort("atena_no", "day", "event_reason")
    return found.select(
        "atena_no", "event_reason", "from_school", "to_school", "to_grade", "note", *STAMPS,
        event_seq=pl.int_range(1, pl.len() + 1).over("atena_no"),
        event_date=iso("day"), notified_date=iso("notified"), is_latest=pl.lit("1"), is_deleted=pl.lit("0"),
    )  # fmt: skip


def aids(newest: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """school_aid: an eighth of the families; some were refused, and asked again."""
    able = newest.filter((pl.col("school_year") < "2026") & pl.col("guardian_atena_no").is_not_null() & pl.col("grade").is_not_null())
    able = able.filter(pl.col("removed").is_null())
    poor = pl.col("guardian_atena_no").cast(pl.Int64) // 10 % 8 == 3
    rows = able.filter(poor)
    count = rows.height
    luck, again = rng.random(count), rng.random(count) < 0.5
    year = pl.col("school_year").cast(pl.Int64)
    number = pl.col("number")
    rows = rows.with_columns(
        aid_kind=pl.Series(np.select([luck < 0.08, luck < 0.8], ["01", "02"], "09")),
        again=pl.Series(again),
        applied=workday(pl.max_horizontal(pl.date(year, 4, 8), pl.col("entered")) + pl.Series(rng.integers(0, 20, count)) * pl.duration(days=1)),
        amount=pl.when(number > 6).then(23_000).otherwise(12_000) + pl.when(number.is_in([1, 7])).then(57_060).otherwise(0)
        + pl.when(number.is_in([6, 9])).then(21_890).otherwise(0) + pl.Series(rng.integers(160, 190, count) * 250),
        account=pl.Series(rng.integers(1_000_000, 9_999_999, count)),
    ).filter(pl.col("applied") < pl.date(2026, 1, 15))  # fmt: skip
    second = rows.filter((pl.col("aid_kind") == "09") & pl.col("again")).with_columns(
        aid_kind=pl.lit("02"), aid_seq=pl.lit(2), applied=workday(pl.col("applied") + pl.duration(days=50)), amount=pl.col("amount") // 2
    )
    rows = pl.concat([rows.with_columns(aid_seq=pl.lit(1)), second], how="vertical_relaxed").sort("atena_no", "school_year", "aid_seq")
    given = pl.col("aid_kind") != "09"
    person = pl.col("guardian_atena_no").cast(pl.Int64)
    return rows.select(
        "atena_no", "school_year", "aid_seq", "aid_kind", *STAMPS,
        applicant_atena_no="guardian_atena_no",
        applied_date=iso("applied"),
        approved_date=pl.when(given).then(iso(workday(pl.col("applied") + pl.duration(days=30)))),
        ended_date=pl.when(given).then(iso(pl.date(pl.col("school_year").cast(pl.Int64) + 1, 3, 31))),
        total_amount=pl.when(given).then("amount"),
        bank_code=(person % 3).replace_strict({0: "0990", 1: "0991", 2: "9980"}),
        branch_code=(person % 20 + 1).cast(pl.String).str.zfill(3),
        account_kind=pl.when(person % 17 == 0).then(pl.lit("2")).otherwise(pl.lit("1")),
        account_no=pl.col("account").cast(pl.String).first().over("guardian_atena_no"),
        account_name_kana=spell.halfkana("kana").str.replace_many(SMALL),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    )  # fmt: skip
