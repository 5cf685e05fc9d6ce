"""Refused records, byte for byte, and where each one came from: <file>.rejects.dat and .rejects.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.write.csv import CsvFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrate.write.staged import Staged

COLUMNS = ["no", "record", "byte", "bytes", "tables"]


class Rejects:
    """The .dat can be converted again with the same layout once it is mended."""

    def __init__(self, staged: Staged, stem: str) -> None:
        self._file = staged.path(f"{stem}.rejects.dat").open("wb")
        self._index = CsvFile(staged.path(f"{stem}.rejects.csv"), COLUMNS)
        self.count = 0

    def write(self, tables: dict[int, list[str]], raw: Callable[[int], tuple[int, bytes]]) -> None:
        """Append records: number -> the tables that refused it; `raw` gives a record's byte and bytes."""
        rows = []
        for number in sorted(tables):
            byte, data = raw(number)
            self.count += 1
            self._file.write(data)
            rows.append((self.count, number, byte, len(data), " ".join(tables[number])))
        if rows:
            self._index.write(pl.DataFrame(rows, schema=COLUMNS, orient="row"))

    def close(self) -> None:
        self._file.close()
        self._index.close()
