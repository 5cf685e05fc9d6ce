"""The names over a delivered file's columns: which column of the table each is, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrate.read.delivered.piece import issue

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from migrate.model import Table

CHANGE = "更新区分"
"""The column behind the others in files of differences (rounds 91 to 99)."""


class Header(NamedTuple):
    """What stands in each column of a file."""

    columns: list[str]  # the table's column, blank where nobody knows it
    issues: list[pl.DataFrame]
    found: bool  # whether there are names at all; else the columns stand in the table's order

    @property
    def absent(self) -> frozenset[str]:
        return frozenset(i["item"][0] for i in self.issues if i["code"][0] == "no_column")


def understood(names: Sequence[str], table: Table, form: str) -> Header:
    """The columns of a file whose first line, or schema, has these names. CSV has the table's labels, the other
    forms its English names; the other kind is understood, but is an error.

    >>> from migrate.model import Column, Table
    >>> columns = [Column(name=n, label=l, type="X", length="1", source="G") for n, l in [("a", "甲"), ("b", "乙")]]
    >>> table = Table(id="0101", name="t", title="", area="01", path="t.csv", columns=columns)
    >>> header = understood(["乙", "丙"], table, "csv")
    >>> header.columns, [i["code"].item() for i in header.issues]
    (['b', ''], ['surplus_column', 'no_column'])
    """
    labels = {c.label: c.name for c in table.columns}
    english = {c.name: c.name for c in table.columns}
    right, other = (labels, english) if form == "csv" else (english, labels)
    issues: list[pl.DataFrame] = []
    strange = [n for n in names if n not in right and n not in other]
    if len(strange) == len(names):  # what stands there are no names, but perhaps values
        ordered = [*english, *[""] * len(names)][: len(names) or len(english)]
        return Header(ordered, [issue("no_column_names")], found=False)
    columns: list[str] = []
    for name in names:
        column = right.get(name) or other.get(name) or ""
        if column in columns and column:
            issues.append(issue("repeated_column", item=column))
            column = ""
        elif not column and not (name == CHANGE and name == names[-1]):
            shown = name if len(strange) * 2 <= len(names) else f"({len(name)} characters)"
            issues.append(issue("surplus_column", value=shown))
        columns.append(column)
    misnamed = sum(n not in right and n in other for n in names)
    if misnamed:
        issues.append(issue("column_names", value=f"{misnamed} / {len(names)}"))
    known = [c for c in columns if c]
    issues += [issue("no_column", item=c) for c in english if c not in known]
    wanted = [c for c in english if c in known]
    if known != wanted:
        displaced = next(k for k, w in zip(known, wanted, strict=True) if k != w)
        issues.append(issue("column_order", item=displaced))
    return Header(columns, issues, found=True)
