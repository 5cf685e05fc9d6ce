"""KUSATSU as its mainframes unload it: EBCDIC and JEF, zoned and packed, lengths before records; copybooks imported."""

from __future__ import annotations

import shutil
from pathlib import Path

import make_town
import polars as pl
import pytest
from town.core import Town
from town.host import FORMS, write_hosts
from town.legacy import book

from migrate import Catalog, Options, run
from migrate.cli import base, main

ROOT = Path(__file__).resolve().parents[1]
LAYOUTS = Path("layouts/legacy")
pytestmark = pytest.mark.xdist_group("host")


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """The folder with KUSATSU's files in text, and the one with the same from its hosts."""
    folder = tmp_path_factory.mktemp("exports")
    town = Town(300)
    make_town.settle(town)
    make_town.write(town, folder)
    assert len(write_hosts(folder)) == len(FORMS)
    return folder / "kusatsu", folder / "kusatsu_host"


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    """A root with the hosts' layouts: what people know of a file, and what our own command makes of its copybook."""
    root = tmp_path_factory.mktemp("root")
    for name, form in FORMS.items():
        folder = root / LAYOUTS / name
        folder.mkdir(parents=True)
        known = (ROOT / LAYOUTS / name / "layout.toml").read_text("utf-8")
        prefix = '\nprefix = "rdw"' if form.rdw else ""
        known = known.replace('"cp932"', f'"{form.encoding}"{prefix}')
        (folder / "layout.toml").write_text(known, "utf-8")
        copybook = ROOT / LAYOUTS / name / f"{folder.name}.cpy"
        arguments = ["import", "copybook", str(copybook), "--into", name, "--select", form.select, "--root", str(root)]
        assert base.settle(main.cli.main, arguments) in (base.CLEAN, base.LOOK)
    shutil.copytree(ROOT / "mappings/kusatsu", root / "mappings/kusatsu")
    return root


def converted(root, source, into):
    options = Options(formats=("parquet",), city="482013", as_of="20260401000000")
    report = run(Catalog(root).mappings("kusatsu"), source, into, options)
    tables = {path.name.split("_", 3)[3].rsplit("_", 2)[0]: pl.read_parquet(path) for path in into.glob("*.parquet")}
    return report, tables


@pytest.fixture(scope="module")
def both(exports, imported, tmp_path_factory):
    into = tmp_path_factory.mktemp("into")
    return converted(ROOT, exports[0], into / "text"), converted(imported, exports[1], into / "host")


def test_the_files_are_those_of_hosts(exports):
    text, host = exports
    for name, form in FORMS.items():
        (source,) = text.glob(book(name).top["file"])
        data = (host / source.name).read_bytes()
        assert (len(data) < source.stat().st_size) == form.rdw  # a length before, no filler behind
        assert data.count(0x40) > 10 * data.count(0x20)


def test_rows_from_the_hosts_are_those_from_text(both):
    (_, text), (_, host) = both
    assert len(text) == 22
    assert text.keys() == host.keys()
    for name, rows in text.items():
        assert rows.height > 0
        assert rows.equals(host[name]), name


def test_books_from_the_hosts_are_those_from_text(both):
    (text, _), (host, _) = both
    assert [(b.read, b.written, b.rejected, b.merged) for b in text.books.values()] == [
        (b.read, b.written, b.rejected, b.merged) for b in host.books.values()
    ]
    assert text.issues == host.issues
    assert text.faults == host.faults == []
    assert all(s.declared for s in text.sources)  # what trailers claim is held against what was read
