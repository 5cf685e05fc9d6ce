"""Copybooks, 符号表 and workbooks that somebody damaged: a layout, or a KnowledgeError, and nothing else."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from town.host import FORMS

from fuzzing.target import Seed, Target, insist
from migrate.catalog import Catalog
from migrate.catalog.copybook import Machine, Reading, Wanted, draft, selection
from migrate.catalog.drafts import write, write_codes
from migrate.catalog.notation import draft as drafted
from migrate.catalog.notation import tables
from migrate.errors import KnowledgeError, SourceError
from migrate.read import Reader

if TYPE_CHECKING:
    from migrate.catalog.drafts import Draft

WORDS = (
    "REDEFINES", "OCCURS 3 TIMES", "OCCURS 1 TO 5 TIMES DEPENDING ON", "COMP-3", "COMP", "COMP-1", "COMP-5", "PIC", "PIC S9(5)V99", "PIC X(",
    "PIC N(4)", "PIC 9(99999999)", "PIC ZZ,ZZ9.99-", "PIC S9(0)", "PIC V", "PIC P(3)9", "VALUE", "88 ", "66 A RENAMES B THRU C.", "77 ", "01 ", "49 ",
    "COPY A.", "COPY A REPLACING ==X== BY ==Y==.", "SIGN LEADING SEPARATE", "FILLER", "'", '"', ".", "==", "*>", "THRU", "SYNC", "BLANK WHEN ZERO",
    "INDEXED BY I", "USAGE", "DISPLAY", "PACKED-DECIMAL", "NATIONAL", "-", "      *", "      -", "氏名", "9(5)", "OCCURS 100000000 TIMES", "EXEC SQL", "(", ")",
)  # fmt: skip
TERMS = ("行番号", "階層", "項目名", "繰返し", "位置", "バイト数", "型", "変数名", "符号", "符号内容", "1", "0", "-1", "9999999999", '"', ",", "\n", "C", "B", "１", "²", "1.5", "")


def _loaded(root: Path, name: str) -> str:
    """Whether the catalog takes what was written; and if so, a reader does."""
    try:
        layout = Catalog(root).layout(name)
    except KnowledgeError:
        return "drawn, to be mended"
    source = root / "source.dat"
    source.write_bytes((b"1" * 30 + b"\r\n") * 20)
    try:
        list(Reader(layout).batches(source, 7))
    except (SourceError, KnowledgeError):
        return "drawn, loads"
    return "drawn, reads"


def _written(drawn: Draft, folder: Path) -> str:
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    place = root / "layouts/legacy/v/f"
    write(drawn, place)
    before = {p.name: p.read_bytes() for p in place.iterdir()}
    write(drawn, place)
    insist(before == {p.name: p.read_bytes() for p in place.iterdir()}, "drawn again, it is another layout")
    write_codes(drawn, place)
    str([str(f) for f in drawn.findings])
    return _loaded(root, "v/f")


def _real(root: Path) -> Path:
    return Path(os.environ.get("MIGRATE_REALDATA") or root / "../shared/realdata")


def copybook(_folder: Path, root: Path) -> Target:
    seeds = []
    for name, form in FORMS.items():
        path = root / "layouts/legacy" / name / f"{name.partition('/')[2]}.cpy"
        text = path.read_bytes()
        seeds.append(Seed(name, text, (form.select,)))
        lines = text.splitlines(keepends=True)
        seeds.append(Seed(f"{name} in short", b"".join(lines[:40]), ("",)))
    small = "       01  R.\n           05  A PIC X(3).\n           05  B PIC S9(5)V99 COMP-3.\n           05  N PIC 9.\n           05  G OCCURS 1 TO 3 TIMES DEPENDING ON N.\n              10  H PIC N(2).\n           05  X REDEFINES A PIC 9(3).\n           05  E PIC ZZ9.99.\n           66  Y RENAMES A THRU B.\n"
    seeds.append(Seed("small", small.encode(), ("",)))
    seeds.append(Seed("free", small.replace("       ", "", 1).encode(), ("",)))
    seeds += [Seed(p.name, p.read_bytes(), ("",)) for p in sorted(_real(root).rglob("*.c[ob][bop]*")) if p.stat().st_size < 20_000]

    def run(seed: Seed, data: bytes, folder: Path) -> str:
        path = folder / "BOOK.cpy"
        path.write_bytes(data)
        (folder / "A.cpy").write_bytes(data[:200])
        select = str(seed.tools[0])
        try:
            wanted = Wanted(Machine(little=len(data) % 2 == 0, floats="ibm" if len(data) % 3 else ""),
                            (selection(select),) if select else (), ())  # fmt: skip
            drawn = draft(path, wanted, Reading(form=("", "fixed", "free")[len(data) % 5 % 3], folders=(folder,)))
            return _written(drawn, folder)
        except KnowledgeError as error:
            str(error)
            return "refused"

    return Target(tuple(seeds), run, tuple(w.encode("cp932") for w in WORDS))


def notation(_folder: Path, root: Path) -> Target:
    catalog = Catalog(root)
    seeds = []
    for name in catalog.layout_names():
        if name.endswith(("resident", "care", "nhi", "voter")):
            for record, text in tables(catalog.layout(name)).items():
                seeds.append(Seed(f"{name} {record}", text.encode("utf-8-sig"), (record,)))

    def run(seed: Seed, data: bytes, folder: Path) -> str:
        path = folder / f"{seed.tools[0]}.csv"
        path.write_bytes(data)
        try:
            return _written(drafted([path]), folder)
        except KnowledgeError as error:
            str(error)
            return "refused"
        finally:
            path.unlink()

    return Target(tuple(seeds), run, tuple(t.encode() for t in TERMS))


TITLES = ("No.", "項目名称", "英字名", "属性", "開始位置", "バイト数", "繰返し", "備考")
ITEMS = ("項番", "項目名", "物理名", "データ型", "桁数", "必須", "主キー", "コードID", "備考")


def _books() -> list[Seed]:
    import openpyxl
    from openpyxl.comments import Comment

    seeds = []
    for name, titles in (("v/f", TITLES), ("03_x/people", ITEMS)):
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.append(("資料", None, "版 1.0"))
        sheet.append(titles)
        at = 1
        for number, (label, kind, size) in enumerate(
            [("宛名番号", "X", 15), ("氏名", "Ｎ", 20), ("性別", "X(1)", 1), ("金額", "S9(7)V99", 9), ("予備", "X", 3), ("日付", "9", 8)], 1
        ):
            if titles is TITLES:
                sheet.append((number, label, f"C_{number}", kind, at, size, 1, None))
            else:
                sheet.append((number, label, f"C_{number}", kind, "１５" if number == 1 else size, "必須", "○" if number == 1 else None, None, "外字を含む"))
            at += size
        sheet["B4"].comment = Comment("注", "x")
        sheet.merge_cells("A1:B1")
        buffer = io.BytesIO()
        made.save(buffer)
        seeds.append(Seed(name, buffer.getvalue(), (name,)))
    return seeds


def workbook(_folder: Path, root: Path) -> Target:
    from migrate.catalog.files import Roots, shipped
    from migrate.catalog.workbook import understood, words_of
    from migrate.catalog.workbook.taken import Wishes, placed, taken
    from migrate.catalog.workbook.written import put
    from migrate.report.workbook import page, remarks

    words = words_of(Roots((shipped(),)))
    seeds = _books()
    seeds += [Seed(p.name, p.read_bytes(), ("v/f",)) for p in sorted(_real(root).rglob("*.xlsx")) if p.stat().st_size < 40_000]

    def run(seed: Seed, data: bytes, folder: Path) -> str:
        book, into = folder / "book.xlsx", str(seed.tools[0])
        book.write_bytes(data)
        base = folder / "root"
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir()
        try:
            lists, told = understood(book, words)
            told += [r for one in lists for r in one.remarks]
            "\n".join(map(page, lists))
            made = taken(book, lists, words, placed(base, into), Wishes("", "cp932", "crlf", "V", force=False))
            remarks([*told, *made.remarks])
            for path, text in made.files.items():
                put(path, text)
        except KnowledgeError as error:
            str(error)
            return "refused"
        return _loaded(base, into) if into == "v/f" else "taken"

    terms = tuple(t.encode() for t in (*TERMS, *TITLES, *ITEMS, "<c", "</row>", 'r="A1"', 'r="XFD1048576"', 't="s"', 't="n"', "<v>", "&amp;", "&#0;", "<!DOCTYPE"))
    return Target(tuple(seeds), run, terms, members=True)
