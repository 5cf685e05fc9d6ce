"""What a vehicle is, by its kind (C101), and the plate it bears."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from town.spell import widened

if TYPE_CHECKING:
    from numpy.random import Generator


class Kind(NamedTuple):
    """Of a kind: how frequent, the class on its plate, who makes it, its model and engine, how large."""

    share: float
    plate_class: str | None
    maker: str
    model: str
    engine: str | None
    displacement: float | None
    capacity: int | None
    max_load: int | None = None
    electric: float | None = None


KINDS = {
    "11": Kind(0.08, None, "白根発動機", "SH05", None, 49, 1),
    "12": Kind(0.01, None, "白根発動機", "SH09", None, 89, 1),
    "13": Kind(0.05, None, "白根発動機", "SH12", None, 124, 2),
    "14": Kind(0.005, None, "白根発動機", "SHM1", None, 49, 1),
    "15": Kind(0.01, None, "霧積電動", "KE-S1", None, None, 1, None, 0.6),
    "21": Kind(0.04, None, "白根発動機", "2BK-SH25", "SH25E", 249, 2),
    "22": Kind(0.005, "480", "草津車輌", "KT3", "KT65A", 655, 2, 300),
    "23": Kind(0.42, "580", "浅間自動車", "DBA-AS11S", "AS06A", 658, 4),
    "24": Kind(0.005, "580", "浅間自動車", "DBA-AS11T", "AS06A", 658, 4),
    "25": Kind(0.20, "480", "浅間自動車", "EBD-AS16T", "AS06A", 658, 2, 350),
    "26": Kind(0.015, "480", "草津車輌", "EBD-KT16V", "KT65A", 658, 2, 350),
    "31": Kind(0.10, None, "黒姫農機", "KH21", "KH3D", 1123.5, 1),
    "32": Kind(0.015, None, "黒姫農機", "KHF15", "KH4D", 2434, 1, 1500),
    "41": Kind(0.045, None, "白根発動機", "2BL-SH40", "SH40E", 399, 2),
}
CITY_PLATES = ("11", "12", "13", "14", "15", "31", "32")
"""Kinds to which the municipality gives the plate; the others get theirs from the 運輸支局."""

INSPECTED = ("22", "23", "24", "25", "26")
"""Three wheels and more: the first inspection decides the rate."""

KANA = "あいうえかきくけこさすせそたちつてとなにぬねのはひふほまみむめもやゆらりる"
BUSINESS_KANA = "れろ"


def described(rng: Generator, cars: pl.DataFrame) -> pl.DataFrame:
    """The kind of each vehicle and what goes with it."""
    count = cars.height
    shares = np.array([k.share for k in KINDS.values()])
    kind = pl.Series("vehicle_kind", rng.choice(list(KINDS), count, p=shares / shares.sum()))
    cars = cars.with_columns(kind)

    def of(part: str, dtype: type[pl.DataType]) -> pl.Expr:
        values = pl.Series([getattr(k, part) for k in KINDS.values()], dtype=dtype, strict=False)
        return pl.col("vehicle_kind").replace_strict(pl.Series(list(KINDS)), values)

    age = pl.Series((rng.random(count) ** 2 * 22).astype(np.int64) * (rng.random(count) < 0.45))
    built = (pl.col("registered").dt.year().cast(pl.Int64) - age).clip(1998)
    month = (
        pl.when(age == 0)
        .then(pl.col("registered").dt.month())
        .otherwise(pl.Series(rng.integers(1, 13, count)))
    )
    old = pl.col("vehicle_kind").is_in(INSPECTED) & (built <= 2003)
    month = pl.when(old).then(pl.lit("00")).otherwise(month.cast(pl.String).str.zfill(2))
    kept = pl.col("vehicle_kind").is_in(CITY_PLATES) & pl.col("here")
    number = pl.Series(rng.integers(100_000, 9_999_999, count)).cast(pl.String).str.zfill(7)
    return cars.with_columns(
        maker=of("maker", pl.String), model=of("model", pl.String), engine_model=of("engine", pl.String),
        plate_class=of("plate_class", pl.String),
        displacement=of("displacement", pl.Float64).cast(pl.Decimal(7, 2)), rated_output=of("electric", pl.Float64).cast(pl.Decimal(7, 2)),
        capacity=of("capacity", pl.Int64), max_load=of("max_load", pl.Int64),
        first_inspect_ym=pl.when(pl.col("vehicle_kind").is_in(INSPECTED)).then(built.cast(pl.String) + "-" + month),
        model_year=pl.when(~pl.col("vehicle_kind").is_in(["31", "32"])).then(built.cast(pl.String)),
        use_kind=pl.when(pl.col("vehicle_kind").is_in(["24", "26"])).then(pl.lit("2")).otherwise(pl.lit("1")),
        chassis_no=pl.concat_str(of("model", pl.String).str.extract("([A-Z]+[0-9]+)", 1), pl.lit("-"), number),
        base_town=pl.when(kept).then("addr_town"), base_banchi=pl.when(kept).then("addr_banchi"),
    )  # fmt: skip


def plated(cars: pl.DataFrame) -> pl.DataFrame:
    """A plate of its own for each: place, class, kana and a number from 1 to 9999."""
    turn = pl.int_range(pl.len()).over("vehicle_kind")
    series = turn // 9_999
    business = pl.col("use_kind") == "2"
    kana = pl.when(business).then(pl.lit(list(BUSINESS_KANA)).list.get(series % len(BUSINESS_KANA))).otherwise(
        pl.lit(list(KANA)).list.get(series % len(KANA))
    )  # fmt: skip
    shift = pl.col("vehicle_kind").cast(pl.Int64) * 271
    cars = cars.with_columns(
        plate_region=pl.when(pl.col("vehicle_kind").is_in(CITY_PLATES))
        .then(pl.lit("浅間市"))
        .otherwise(pl.lit("浅間")),
        plate_kana=kana,
        plate_number=(turn * 37 + shift) % 9_999 + 1,
    )
    return cars.with_columns(
        plate_serial=pl.col("plate_number").cast(pl.String).str.zfill(4)
    ).with_columns(plate_text=printed())


def printed() -> pl.Expr:
    """標識番号表記: 浅間５８０あ１２－３４, 浅間市あ・・・７.

    >>> plate = pl.DataFrame({"plate_region": "浅間", "plate_class": "580", "plate_kana": "あ", "plate_serial": "0012"})
    >>> plate.select(printed()).item()
    '浅間５８０あ・・１２'
    """
    number = pl.col("plate_serial").str.strip_chars_start("0")
    dotted = number.str.pad_start(4, "・")
    hyphened = number.str.slice(0, 2) + "－" + number.str.slice(2)
    shown = pl.when(number.str.len_chars() == 4).then(hyphened).otherwise(dotted)
    return pl.concat_str(
        "plate_region", widened(pl.col("plate_class").fill_null("")), "plate_kana", widened(shown)
    )
