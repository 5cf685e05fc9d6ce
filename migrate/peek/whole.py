"""The columns of a whole delimited file, a few MB at a time: fill rate, types, lengths, distinct values up to a cap."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

from migrate.peek.columns import CAP, Sum
from migrate.peek.trial import machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from migrate.peek.figures import Column, Dialect

MOST = 1 << 30
"""A larger file is told by its sample."""

CHUNK = 1 << 22


def whole(
    path: Path, name: str, told: Dialect, progress: Callable[[int], object] = lambda _: None
) -> list[Column]:
    """One summary a column over all records that have so many of them; empty for a file of a GB or more."""
    if path.stat().st_size >= MOST:
        return []
    delimiter = {"TAB": "\t"}.get(told.delimiter.value, told.delimiter.value)
    quoted, header, width = (
        told.quoting.value != "none",
        told.header.value == "yes",
        len(told.columns),
    )
    sums = [Sum() for _ in range(width)]
    for part in _parts(path, name, quoted=quoted):
        frame = _frame(part, delimiter, quoted=quoted, width=width)
        body = frame[1:] if header else frame
        header = False
        for found, column in zip(sums, body.columns, strict=False):
            counted = body[column].alias("cell").value_counts(name="n")
            if found.more and len(counted) > CAP // 2:
                found.add_many(counted, name)
                continue
            times = dict(zip(counted["cell"].to_list(), counted["n"].to_list(), strict=True))
            found.add(Counter(times), name)
        progress(0)
    made = [s for s in sums if s.cells]
    labels = [c.label for c in told.columns]
    return [s.column(n, labels[n - 1]) for n, s in enumerate(made, 1)]


def _parts(path: Path, name: str, *, quoted: bool) -> Iterator[str]:
    """Texts of whole records: cut at the last newline that is not within quotes."""
    step, held = machine(name), ""
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            text = held + step(data, False)
            cut = _cut(text, quoted=quoted)
            held = text[cut:]
            if cut:
                yield text[:cut].removeprefix("\ufeff")
    held = (held + step(b"", True)).rstrip("\x1a").removeprefix("\ufeff")
    if held.strip():
        yield held


def _cut(text: str, *, quoted: bool) -> int:
    """Where the last whole record ends.

    >>> _cut('1,"a"\\n2,"b\\n', quoted=True), _cut("1\\n2", quoted=False)
    (6, 2)
    """
    mark = "\n" if "\n" in text else "\r"
    end = text.rfind(mark) + 1
    inside = quoted and text.count('"', 0, end) % 2 == 1
    while end and inside:
        before = text.rfind(mark, 0, end - 1) + 1
        inside = inside != (text.count('"', before, end) % 2 == 1)
        end = before
    return end


def _frame(text: str, delimiter: str, *, quoted: bool, width: int) -> pl.DataFrame:
    """The records of a text as columns of text; longer ones are cut, missing cells are blank."""
    import polars as pl

    if "\n" not in text:
        text = text.replace("\r", "\n")
    return pl.read_csv(
        io.BytesIO(text.encode("utf-8", "replace")), has_header=False, separator=delimiter, quote_char='"' if quoted else None,
        schema={f"c{n}": pl.String for n in range(width)}, truncate_ragged_lines=True,
    ).fill_null("")  # fmt: skip
