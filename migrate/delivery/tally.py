"""Counts everything that a check finds, keeps the first places of each kind, and lists all of them if asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from migrate.catalog.notices import cited, notices
from migrate.delivery.findings import Finding, Sample
from migrate.frames import RECORD
from migrate.write.csv import CsvFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from migrate.model import Table

LISTED = ["code", "severity", "file", "table", "row", "byte", "item", "label", "value", "message"]


class Selection(NamedTuple):
    """Which codes of issues and which rules are asked for; `only` empty: all."""

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()

    def wants(self, name: str) -> bool:
        """Whether an issue's code (`too_long`) or a rule (`R008`) counts.

        >>> Selection(only=frozenset({"R008"})).wants("too_long")
        False
        """
        return name not in self.skip and (not self.only or name in self.only)


EVERYTHING = Selection()


class Found(NamedTuple):
    """One kind of finding."""

    code: str
    severity: str
    table: str
    item: str


class Listing(CsvFile):
    """The complete list: one line a finding, in the order in which they were found."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, LISTED)

    def add(self, found: pl.DataFrame) -> None:
        """Append findings: columns of LISTED, others blank."""
        self.write(
            found.select(
                pl.col(name) if name in found.columns else pl.lit(None).alias(name)
                for name in LISTED
            )
        )


@dataclass
class Tally:
    """Exact counts, the first samples, and the complete list where there is one."""

    selection: Selection
    most: int  # samples of one kind
    listing: Listing | None = None
    counts: Counter[Found] = field(default_factory=Counter)
    samples: dict[Found, list[Sample]] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)  # by table and column

    def take(
        self, file: str, table: Table | None, issues: pl.DataFrame, rows: pl.DataFrame | None = None
    ) -> tuple[int, int]:
        """Enter issues of one file (values masked already); rows: where their keys are. Gives how many errors
        and how many alerts count."""
        issues = issues.filter(
            pl.col("code").is_in([c for c in notices() if self.selection.wants(c)])
        )
        if not issues.height:
            return 0, 0
        name = table.name if table else ""
        if table:
            self.labels |= {(name, c.name): c.label for c in table.columns}
        groups = issues.group_by("code", "severity", "item", maintain_order=True)
        for (code, severity, item), group in groups:
            kind = Found(str(code), str(severity), name, str(item))
            self.counts[kind] += group.height
            kept = self.samples.setdefault(kind, [])
            first = group.head(self.most - len(kept))
            keys = shown_keys(table, rows, first["record"])
            kept += [
                Sample(
                    file=file,
                    row=row,
                    byte=byte if pointed(file) else None,
                    key=keys.get(row, {}),
                    value=value,
                )
                for row, byte, value in first.select("record", "byte", "value").iter_rows()
            ]
        if self.listing:
            self._list(file, name, issues)
        errors = issues.filter(severity="error").height
        return errors, issues.height - errors

    def _list(self, file: str, table: str, issues: pl.DataFrame) -> None:
        kinds = {
            f"{s} {c}": (cited(c, s), notices()[c].title)
            for c, s in issues.select("code", "severity").unique().rows()
        }
        kind = pl.format("{} {}", "severity", "code")
        labels = {item: self.labels.get((table, item), "") for item in issues["item"].unique()}
        self.listing.add(  # type: ignore[union-attr]
            issues.select(
                pl.lit(file).alias("file"),
                pl.lit(table).alias("table"),
                "severity",
                "item",
                "value",
                row="record",
                byte=pl.col("byte") if pointed(file) else pl.lit(None),
                code=kind.replace_strict(
                    {k: v[0] for k, v in kinds.items()}, return_dtype=pl.String
                ),
                message=kind.replace_strict(
                    {k: v[1] for k, v in kinds.items()}, return_dtype=pl.String
                ),
                label=pl.col("item").replace_strict(labels, return_dtype=pl.String),
            )
        )

    def findings(self) -> list[Finding]:
        """Everything found, in the order of the catalogue of codes."""
        order = {code: place for place, code in enumerate(notices())}
        return [
            Finding(
                code=cited(kind.code, kind.severity),
                name=kind.code,
                severity="error" if kind.severity == "error" else "alert",
                table=kind.table,
                item=kind.item,
                label=self.labels.get((kind.table, kind.item), ""),
                title=notices()[kind.code].title,
                remedy=notices()[kind.code].remedy,
                count=count,
                samples=self.samples[kind],
            )
            for kind, count in sorted(
                self.counts.items(), key=lambda e: (order[e[0].code], e[0].table, e[0].item)
            )
        ]

    def count(self, codes: Iterable[str], tables: Iterable[str], level: str) -> int:
        """How often some codes were found in some tables, at one severity."""
        wanted, there = set(codes), set(tables)
        return sum(
            n
            for kind, n in self.counts.items()
            if kind.code in wanted and kind.table in there and kind.severity == level
        )


def pointed(file: str) -> bool:
    """Whether a form has bytes to point at."""
    return not file.endswith(".parquet")


def shown_keys(
    table: Table | None, rows: pl.DataFrame | None, records: pl.Series
) -> dict[int, dict[str, str]]:
    """By row, the parts of its key that may be shown."""
    if table is None or rows is None:
        return {}
    names = [c.name for c in table.columns if c.key and not c.sensitive and c.name != "city_code"]
    if not names:
        return {}
    found = rows.filter(pl.col(RECORD).is_in(records.implode())).select(RECORD, *names)
    return {
        row: {n: str(v) for n, v in zip(names, values, strict=True) if v is not None}
        for row, *values in found.iter_rows()
    }
