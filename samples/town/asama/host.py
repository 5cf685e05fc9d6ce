"""What all files of ASAMA's host have in common."""

from __future__ import annotations

import polars as pl

from town import spell
from town.core import CITY, EXTRACTED


def header(system: str, name: str, book: str = "0401") -> pl.DataFrame:
    return pl.DataFrame({
        "system_id": system, "file_name": name, "city_code": CITY, "extracted_at": EXTRACTED, "run_no": "001",
        "book_version": book,
    })  # fmt: skip


def trailer(name: str) -> pl.DataFrame:
    """What it declares is added up when it is written."""
    return pl.DataFrame({"file_name": name})


def clock(column: str) -> pl.Expr:
    """HHMMSS of hh:mm:ss."""
    return pl.col(column).str.replace_all(":", "", literal=True)


def generation() -> pl.Expr:
    """最新区分: 0 is the latest."""
    return pl.when(pl.col("is_latest") == "1").then(pl.lit("0")).otherwise(pl.lit("1"))


def deleted(column: str = "is_deleted") -> pl.Expr:
    return (
        pl.when(pl.col(column) == "1")
        .then(pl.lit("9"))
        .when(pl.col(column) == "0")
        .then(pl.lit("0"))
    )


def entered() -> dict[str, pl.Expr]:
    """削除区分, 職員番号, 更新日, 更新時刻."""
    return {
        "deleted": deleted(),
        "operator": pl.col("operator_id"),
        "updated_date": spell.western("operated_date"),
        "updated_time": clock("operated_time"),
    }


def city5(column: str) -> pl.Expr:
    """The municipality without its check digit."""
    return pl.col(column).str.slice(0, 5)


def turns(frame: pl.DataFrame, by: list[str], times: int, names: list[str]) -> pl.DataFrame:
    """The rows of `by` side by side, `times` of them in a record: name_1, name_2 ...; `used` says how many."""
    place = pl.int_range(pl.len()).over(by)
    frame = frame.with_columns(_page=place // times, _turn=place % times)
    cells = [
        pl.col(name).filter(pl.col("_turn") == turn).first().alias(f"{name}_{turn + 1}")
        for turn in range(times)
        for name in names
    ]
    return frame.group_by(*by, "_page", maintain_order=True).agg(*cells, used=pl.len())
