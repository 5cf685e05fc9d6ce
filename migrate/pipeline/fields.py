"""The fields of a legacy file as they are, unconverted: `write_fields(layout, source, into)`."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import filelock
import polars as pl

from migrate.catalog.notices import cited
from migrate.errors import BusyError, SourceError
from migrate.frames import BATCH, OFFSET, RECORD
from migrate.language import say
from migrate.read import Reader
from migrate.write.csv import CsvFile
from migrate.write.parquet import ParquetFile
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from migrate.model import Field, Layout, RecordType
    from migrate.read import Read

FORMS = ("csv", "parquet")
FIGURES = 38
"""Digits that a decimal of Parquet may have."""


class Place(NamedTuple):
    """Where a record type goes."""

    record: RecordType
    name: str  # of the file: its ending says what is written

    @property
    def csv(self) -> bool:
        return self.name.lower().endswith(".csv")


@dataclass
class Outcome:
    """What became of the records: `read` = those in `written` + `others` + `refused`."""

    read: int = 0
    others: int = 0  # of record types that were not asked for
    refused: int = 0  # of a wrong length, or of no type that the layout knows
    issues: int = 0
    written: dict[str, int] = field(default_factory=dict)  # by file
    beside: str = ""  # the file of issues

    @property
    def agreed(self) -> bool:
        return self.read == sum(self.written.values()) + self.others + self.refused


class _Column(NamedTuple):
    """A field as ParquetFile wants it."""

    name: str
    label: str
    dtype: pl.DataType
    codes: str = ""


@dataclass(frozen=True)
class Wish:
    """Which records, and how many at a time."""

    part: bool = False
    limit: int | None = None
    batch: int = BATCH
    progress: Callable[[int], object] = lambda done: None


def write_fields(
    layout: Layout, source: Path, folder: Path, places: list[Place], wish: Wish | None = None
) -> Outcome:
    """Write every field of some record types, a file each, and beside them `<first file>.issues.csv`.

    A value that was refused is blank there and a row of the issues, where no value is shown. The files appear
    together, or not at all. Raises SourceError (nothing fits, or SOURCE would be overwritten), BusyError, OSError.
    """
    wish = wish or Wish()
    stem = source.stem if len(places) > 1 else places[0].name.rpartition(".")[0]
    done = Outcome(beside=f"{stem}.issues.csv", written={p.name: 0 for p in places})
    before = _stamp(source)
    _spare(source, folder, [*done.written, done.beside])
    with _alone(folder, done.beside) as staged, ExitStack() as opened:
        files = [opened.enter_context(closing(_file(staged, place))) for place in places]
        path = staged.path(done.beside)
        issues = opened.enter_context(closing(CsvFile(path, ["code", "record", "byte", "field"])))
        for read in Reader(layout, wish.part).batches(source, wish.batch, wish.limit):
            for place, file in zip(places, files, strict=True):
                rows = read.frames[place.record.name]
                done.written[place.name] += rows.height
                file.write(_shaped(rows, place))
            _enter(read, {p.record.name for p in places}, done, issues)
            wish.progress(int(read.block.bounds[-1] - read.block.bounds[0]))
        opened.close()
        if _stamp(source) != before:
            name = source.name
            raise SourceError(
                say(f"{name}: 読む間に書き換えられました", f"{name}: changed while it was read")
            )
        staged.publish()
    return done


def pointed(value: pl.Expr, scale: int) -> pl.Expr:
    """Whole numbers as text with the point that `scale` implies.

    >>> import polars as pl
    >>> numbers = pl.DataFrame({"n": [-5, 12345, 0, None]})
    >>> numbers.select(x=pointed(pl.col("n"), 2))["x"].to_list()
    ['-0.05', '123.45', '0.00', None]
    >>> numbers.select(x=pointed(pl.col("n"), -3))["x"].to_list()
    ['-5000', '12345000', '0', None]
    """
    text = value.cast(pl.String)
    if scale < 0:
        return pl.when(value == 0).then(text).otherwise(text + "0" * -scale)
    if scale == 0:
        return text
    digits = text.str.strip_prefix("-").str.zfill(scale + 1)
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return sign + digits.str.head(-scale) + "." + digits.str.tail(scale)


def _shaped(rows: pl.DataFrame, place: Place) -> pl.DataFrame:
    """The columns that a file gets, numbers with their points."""
    fields = place.record.read.values()
    scaled = [
        pointed(pl.col(f.name), f.scale).alias(f.name) for f in fields if f.whole & bool(f.scale)
    ]
    rows = rows.with_columns(scaled).select(RECORD, OFFSET, *place.record.read)
    if place.csv:
        return rows
    return rows.with_columns(pl.col(c.name).cast(c.dtype) for c in _columns(place.record))


def _columns(record: RecordType) -> Iterator[_Column]:
    yield _Column(RECORD, "", pl.Int64())
    yield _Column(OFFSET, "", pl.Int64())
    for one in record.read.values():
        yield _Column(one.name, one.label, _dtype(one))


def _dtype(one: Field) -> pl.DataType:
    if not one.whole:
        return pl.String()
    return pl.Decimal(FIGURES, max(one.scale, 0)) if one.scale else pl.Int64()


def _file(staged: Staged, place: Place) -> CsvFile | ParquetFile:
    path = staged.path(place.name)
    if place.csv:
        return CsvFile(path, [RECORD, OFFSET, *place.record.read])
    return ParquetFile(path, list(_columns(place.record)))


def _enter(read: Read, wanted: set[str], done: Outcome, issues: CsvFile) -> None:
    """Enter a batch into the books and its issues into their file, but for those of other record types."""
    others = [frame[RECORD] for name, frame in read.frames.items() if name not in wanted]
    done.read += len(read.block)
    done.others += sum(map(len, others))
    done.refused += len(read.block) - sum(f.height for f in read.frames.values())
    found = read.issues
    if others:
        found = found.filter(~pl.col("record").is_in(pl.concat(others).implode()))
    found = pl.concat([found, read.faults]).sort("record", maintain_order=True)
    done.issues += found.height
    if found.height:
        pairs = found.select("code", "severity").unique().rows()
        names = {f"{level} {code}": cited(code, level) for code, level in pairs}
        code = pl.format("{} {}", "severity", "code").replace_strict(names, return_dtype=pl.String)
        issues.write(found.select(code.alias("code"), "record", "byte", field="item"))


def _spare(source: Path, folder: Path, names: list[str]) -> None:
    """Raises SourceError where the legacy file itself would be overwritten."""
    for name in names:
        if (folder / name).exists() and (folder / name).samefile(source):
            raise SourceError(
                say(
                    f"{name}: 旧ファイルそのものです。--into に別の名前を書く",
                    f"{name}: is the legacy file itself; name another file with --into",
                )
            )


@contextmanager
def _alone(folder: Path, name: str) -> Iterator[Staged]:
    """The files of this reading, nobody else writing them; nothing is left of them if it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{name}.lock"
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        where = folder / name
        raise BusyError(
            say(f"{where}: 別の実行が書き込み中です", f"{where}: another run is writing here")
        ) from None
    staged = Staged(folder)
    try:
        yield staged
    finally:
        staged.discard()
        lock.release()
        with suppress(OSError):
            path.unlink()


def _stamp(source: Path) -> tuple[int, int]:
    """Size and time of the last change."""
    found = source.stat()
    return found.st_size, found.st_mtime_ns
