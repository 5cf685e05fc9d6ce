"""Who is whose: hands out rows so that no two faults touch the same people.

A party is a household (its 世帯番号), or an outsider or company (its 宛名番号).
"""

from __future__ import annotations

import zlib
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

REGISTERS = (
    "juki_resident", "juki_household", "juki_event", "atena_nonresident", "atena_corporation",
)  # fmt: skip
"""Tables that are no business: to be in them is to be there at all."""

COMMON = ("city_code", "pre_merge_city_code", "operator_id")
Links = pl.DataFrame
"""_row, party: once for each party of a row."""


class Claims:
    """The parties of every row, and which of them are taken."""

    def __init__(
        self,
        truth: Mapping[str, pl.DataFrame],
        checks: Mapping[str, Mapping[str, str]],
        homes: pl.DataFrame,
        rng: np.random.Generator,
    ) -> None:
        self.truth = truth
        self.checks = checks
        self.homes = homes.cast(pl.Int64)  # atena_no, party
        self.rng = rng
        self.taken: set[int] = set()

    def take(self, table: str, n: int, where: pl.Expr | None, *, alone: bool) -> pl.DataFrame:
        """See Town.take."""
        rows = self.truth[table].with_row_index("_row")
        wanted = (rows if where is None else rows.filter(where)).select("_row")
        links = self.links[table].join(wanted, on="_row")
        taken = pl.col("party").is_in(list(self.taken)).any()
        ranked = (
            links.join(self._burden(table), on="party", how="left")
            .group_by("_row", maintain_order=True)
            .agg("party", taken.alias("taken"), pl.col("burden", "serious").sum())
            .filter(~pl.col("taken") & ((pl.col("serious") == 0) | (not alone)))
        )
        luck = pl.Series("luck", self.rng.random(ranked.height))
        ranked = ranked.sort("_row").with_columns(luck).sort("serious", "burden", "luck")
        chosen: list[int] = []
        for row, parties in ranked.select("_row", "party").iter_rows():
            if len(chosen) == n:
                break
            if self.taken.isdisjoint(parties):
                self.taken.update(parties)
                chosen.append(row)
        return rows[chosen] if chosen else rows.clear()

    @cached_property
    def links(self) -> dict[str, Links]:
        """Of each table, whose its rows are."""
        return {table: self._links(table) for table in self.truth}

    @cached_property
    def _counts(self) -> dict[str, pl.DataFrame]:
        """Of each table: party, its rows there (burden), as far as they are business (serious)."""
        found = {}
        for table, links in self.links.items():
            serious = pl.col("burden") * int(table not in REGISTERS)
            counts = links.group_by("party").agg(burden=pl.len().cast(pl.Int64))
            found[table] = counts.with_columns(serious=serious)
        return found

    @cached_property
    def _total(self) -> pl.DataFrame:
        return pl.concat(self._counts.values()).group_by("party").sum()

    def _burden(self, table: str) -> pl.DataFrame:
        """Of each party: its rows in the other tables."""
        own = pl.col("burden", "serious").neg()
        return (
            pl.concat([self._total, self._counts[table].with_columns(own)]).group_by("party").sum()
        )

    def _links(self, table: str) -> Links:
        frame, own = self.truth[table].with_row_index("_row"), self._numbers(table)
        found = [self._homed(frame.select("_row", atena_no=pl.col(column))) for column in own]
        if not own:
            for column, owners in self._owners.items():
                if column in frame.columns:
                    number = frame.select("_row", number=pl.col(column)).drop_nulls()
                    found.append(number.join(owners, on="number").select("_row", "party"))
        if not found:  # nobody's: each row a party of its own
            row = pl.col("_row").cast(pl.Int64)
            found.append(frame.select("_row", party=-1 - row - zlib.crc32(table.encode()) * 10**9))
        return pl.concat(found).unique()

    def _homed(self, numbers: pl.DataFrame) -> pl.DataFrame:
        """A frame's atena_no (or 世帯番号) as party."""
        known = numbers.with_columns(pl.col("atena_no").cast(pl.Int64, strict=False)).drop_nulls()
        joined = known.join(self.homes, on="atena_no", how="left")
        return joined.with_columns(pl.coalesce("party", "atena_no").alias("party")).drop("atena_no")

    def _numbers(self, table: str) -> list[str]:
        """宛名番号 and 世帯番号 columns."""
        return [
            c for c, check in self.checks[table].items()
            if check == "atena_no" and self.truth[table][c].null_count() < self.truth[table].height
        ]  # fmt: skip

    @cached_property
    def _owners(self) -> dict[str, pl.DataFrame]:
        """Of each other number (notice_no, insured_no ...): number, party."""
        found: dict[str, list[pl.DataFrame]] = {}
        for table, checks in self.checks.items():
            people, truth = self._numbers(table), self.truth[table]
            others = [c for c in checks if c.endswith("_no") and c not in (*people, *COMMON)]
            for column in others if people else ():
                if truth.schema[column] == pl.String:
                    pairs = truth.select(number=pl.col(column), atena_no=pl.col(people[0]))
                    found.setdefault(column, []).append(self._homed(pairs))
        return {c: pl.concat(frames).unique() for c, frames in found.items()}
