"""Who is whose: hands out rows so that no two faults touch the same people.

A party is a household (its 世帯番号), or an outsider or company (its 宛名番号).
"""

from __future__ import annotations

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


class Claims:
    """The parties of every row, and which of them are taken."""

    def __init__(
        self,
        truth: dict[str, pl.DataFrame],
        checks: Mapping[str, Mapping[str, str]],
        homes: pl.DataFrame,
        rng: np.random.Generator,
    ) -> None:
        self.truth = truth
        self.checks = checks
        self.homes = homes  # atena_no, party
        self.rng = rng
        self.taken: set[str] = set()

    def take(self, table: str, n: int, where: pl.Expr | None, *, alone: bool) -> pl.DataFrame:
        """See Town.take."""
        rows = self.truth[table].with_row_index("_row")
        wanted = (rows if where is None else rows.filter(where)).select("_row")
        links = self.links[table].join(wanted, on="_row")
        links = links.join(self._burden(table), on="party", how="left")
        taken = pl.col("party").is_in(list(self.taken)).any()
        ranked = (
            links.group_by("_row", maintain_order=True)
            .agg("party", taken.alias("taken"), burden=pl.col("burden").sum(), serious=pl.col("serious").sum())
            .filter(~pl.col("taken"))
        )  # fmt: skip
        if alone:
            ranked = ranked.filter(pl.col("serious") == 0)
        luck = pl.Series("luck", self.rng.random(ranked.height))
        ranked = ranked.with_columns(luck).sort("serious", "burden", "luck")
        chosen: list[int] = []
        for row, parties in ranked.select("_row", "party").iter_rows():
            if len(chosen) == n:
                break
            if self.taken.isdisjoint(parties):
                self.taken.update(parties)
                chosen.append(row)
        return rows[chosen] if chosen else rows.clear()

    @cached_property
    def links(self) -> dict[str, pl.DataFrame]:
        """Of each table: _row, party; once for each party of a row."""
        return {table: self._links(table) for table in self.truth}

    def _burden(self, table: str) -> pl.DataFrame:
        """Of each party: its rows in other tables, and those of them that are business."""
        counts = [
            frame.group_by("party").len().with_columns(business=pl.lit(name not in REGISTERS))
            for name, frame in self.links.items()
            if name != table
        ]
        if not counts:
            return pl.DataFrame(schema={"party": pl.String, "burden": pl.UInt32, "serious": pl.UInt32})
        return pl.concat(counts).group_by("party").agg(
            burden=pl.col("len").sum(), serious=(pl.col("len") * pl.col("business")).sum()
        )  # fmt: skip

    def _links(self, table: str) -> pl.DataFrame:
        frame, found = self.truth[table].with_row_index("_row"), []
        own = self._numbers(table)
        for column in own:
            owner = frame.select("_row", atena_no=pl.col(column)).drop_nulls()
            party = pl.coalesce("party", "atena_no")
            found.append(owner.join(self.homes, on="atena_no", how="left").select("_row", party=party))
        if not own:
            for column, owners in self._owners.items():
                if column in frame.columns:
                    number = frame.select("_row", number=pl.col(column)).drop_nulls()
                    found.append(number.join(owners, on="number").select("_row", "party"))
        if not found:  # nobody's: a party of its own
            found.append(frame.select("_row", party=table + " " + pl.col("_row").cast(pl.String)))
        return pl.concat(found).unique(maintain_order=True)

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
            people = self._numbers(table)
            if not people:
                continue
            others = [c for c in checks if c.endswith("_no") and c not in people]
            texts = [c for c in others if self.truth[table].schema[c] == pl.String and c not in COMMON]
            for column in texts:
                pairs = self.truth[table].select(number=pl.col(column), atena_no=pl.col(people[0]))
                pairs = pairs.drop_nulls().join(self.homes, on="atena_no", how="left")
                pairs = pairs.select("number", party=pl.coalesce("party", "atena_no"))
                found.setdefault(column, []).append(pairs)
        return {c: pl.concat(frames).unique(maintain_order=True) for c, frames in found.items()}
