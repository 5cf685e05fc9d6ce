"""Whole runs, looks at unknown files, and delivered files, on damaged bytes."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import make_town
import polars as pl
from town.core import Town
from town.host import FORMS, hosted
from town.legacy import book

from fuzzing import readers
from fuzzing.target import Seed, Target, insist, silent
from migrate import Catalog, Options, run
from migrate.errors import KnowledgeError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from migrate.model import Mapping

AREAS = ("resident", "foreigner", "event", "restriction")
PLACE = {"city": "482013", "as_of": "20260401000000"}
SECRETS = ("山田", "ﾔﾏﾀﾞ", "佐藤")


def _town(folder: Path) -> Path:
    """A very small town's files, and those of its hosts."""
    town = Town(30)
    make_town.settle(town)
    make_town.write(town, folder)
    return folder


def conversion(folder: Path, root: Path) -> Target:
    catalog = Catalog(root)
    made = _town(folder)
    sample = (root / "samples/asama/resident.dat").read_bytes()
    seeds = [Seed("asama", sample[: 452 * 7] + sample[-452:], (catalog.mappings("asama/resident*"),))]
    for name in ("shirane/resident", "kusatsu/resident"):
        layout = book(name)
        (source,) = (made / name.partition("/")[0]).glob(layout.top["file"])
        data, width = source.read_bytes(), int(layout.top.get("record_bytes", 0))
        data = data[: width * 7] if width else b"".join(data.splitlines(keepends=True)[:7])
        every = [m for m in catalog.mappings(name.partition("/")[0]) if m.layout.name == name and not m.lookups]
        seeds.append(Seed(name, data, (every,)))
        if name in FORMS:
            form = FORMS[name]
            facts = {"encoding": form.encoding, "prefix": "rdw" if form.rdw else ""}
            hosts = [m.model_copy(update={"layout": m.layout.model_copy(update=facts)}) for m in every]
            seeds.append(Seed(f"{name} of its host", hosted(name, data, form), (hosts,)))
    return Target(tuple(s for s in seeds if s.tools[0]), convert)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def convert(seed: Seed, data: bytes, folder: Path) -> str:
    mappings = seed.tools[0]
    assert isinstance(mappings, list)
    source = folder / "s.dat"
    source.write_bytes(data)
    whole = _converted(mappings, source, folder / "whole", 1000)
    other = _converted(mappings, source, folder / "other", 2 + len(data) % 3)
    insist(isinstance(whole, str) == isinstance(other, str), f"a batch size refuses the file: {whole} / {other}")
    if isinstance(whole, str):
        return "refused"
    insist(whole.keys() == other.keys(), "batch size shows in the names of files")
    for name, content in whole.items():
        insist(content == other[name], f"batch size shows in {name}")
    return "converted"


def _converted(mappings: list[Mapping], source: Path, into: Path, batch: int) -> dict[str, bytes] | str:
    shutil.rmtree(into, ignore_errors=True)
    data = source.read_bytes()
    try:
        report = run(mappings, source, into, Options(batch=batch, part=len(data) % 2 == 0, formats=("csv", "xml"), **PLACE))
    except SourceError as error:
        silent(str(error))
        return str(error)
    layout = mappings[0].layout
    for books in report.books.values():
        insist(books.read == books.written + books.rejected + books.merged + books.skipped.total(), f"{books.table}: the books")
        insist(min(books.read, books.written, books.rejected, books.merged) >= 0, f"{books.table}: less than nothing")
    files = {p.name.removesuffix(".partial"): p.read_bytes() for p in sorted(into.iterdir()) if p.name != ".lock"}
    issues = _rows(next(into.glob("issues.csv*")))
    raw, at = files["s.rejects.dat"], 0
    rejects = _rows(next(into.glob("s.rejects.csv*")))
    for row in rejects:
        begin, size = int(row["byte"]), int(row["bytes"])
        insist(raw[at : at + size] == data[begin : begin + size], f"reject {row['record']} is not the source's bytes")
        at += size
    insist(at == len(raw), "rejects.dat has more than rejects.csv")
    insist({r["record"] for r in rejects} <= {i["record"] for i in issues if i["severity"] == "error"}, "a reject without an error")
    insist(all(0 <= int(i["byte"]) <= len(data) for i in issues), "an issue outside of the file")
    sensitive = {f.name for r in layout.records for f in r.fields if f.sensitive}
    sensitive |= {c.name for m in mappings for c in m.table.columns if c.sensitive}
    for issue in issues:
        if issue["item"] in sensitive:
            insist(not any(s in issue["value"] for s in SECRETS), f"{issue['code']}: a sensitive value shows")
    files.pop("run.json", None)
    return files


def peeked(folder: Path, root: Path) -> Target:
    from migrate.peek import peek
    from migrate.report.look import page

    seeds = list(readers.target(folder, root).seeds)
    short = root / "samples/asama/resident.dat"
    seeds.append(Seed("sample", short.read_bytes()[:40_000]))

    def look(_seed: Seed, data: bytes, where: Path) -> str:
        path = where / "unknown.dat"
        path.write_bytes(data)
        seen = peek(path)
        silent(page(seen, reveal=False, records=5))
        silent(seen.look.model_dump_json())
        return str(seen.look.structure.form)

    return Target(tuple(seeds), look)


def delivered(folder: Path, root: Path) -> Target:
    """The files of a small run, each read as its table's; and all of them checked together."""
    from migrate.read.delivered import READERS

    catalog = Catalog(root)
    source = folder / "s.dat"
    source.write_bytes((root / "samples/asama/resident.dat").read_bytes()[: 452 * 12])
    mappings = catalog.mappings("asama/resident")
    run(mappings, source, folder / "out", Options(part=True, formats=("csv", "parquet", "xml"), **PLACE))
    tables = {m.table.name: m.table for m in mappings}
    seeds = [
        Seed(p.name, p.read_bytes(), (p.suffix[1:], next(t for n, t in tables.items() if f"_{n}_" in p.name)))
        for p in sorted((folder / "out").iterdir())
        if p.suffix[1:] in READERS and any(f"_{n}_" in p.name for n in tables) and p.name.count(".") == 1
    ]

    def read(seed: Seed, data: bytes, where: Path) -> str:
        form, table = seed.tools
        path = where / seed.name
        path.write_bytes(data)
        said = []
        for size in (1000, 1 + len(data) % 3):
            try:
                pieces = [later() for later in READERS[form](path, table, size)]
            except (SourceError, KnowledgeError) as error:
                said.append((str(error), None))
                continue
            found = pl.concat([p.issues for p in pieces]) if pieces else pl.DataFrame()
            rows = pl.concat([p.rows for p in pieces]) if pieces else pl.DataFrame()
            said.append((found, rows))
        one, other = said
        insist(type(one[0]) is type(other[0]), f"a batch size refuses the file: {one[0]} / {other[0]}")
        if isinstance(one[0], str):
            return f"{form} refused"
        if form != "parquet":
            insist(one[1].equals(other[1]), f"{form}: batch size shows in the rows")
        insist(one[0].height == other[0].height, f"{form}: batch size shows in the issues: {one[0].height} / {other[0].height}")
        sensitive = {c.name for c in table.columns if c.sensitive}
        for issue in one[0].filter(pl.col("item").is_in(list(sensitive))).to_dicts():
            insist(not any(s in str(issue["value"]) for s in SECRETS), f"{issue['code']}: a sensitive value shows")
        return f"{form} read" + (", issues" if one[0].height else "")

    return Target(tuple(seeds), read)
