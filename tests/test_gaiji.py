"""The gaiji ledger: what is counted, what is approved, what is applied, and what is said of it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate import Catalog, Options, run
from migrate.cli import base, main
from migrate.errors import KnowledgeError
from migrate.inventory.characters import SWAPPED, UNIFIED, classes, codes
from migrate.inventory.gaiji import gaiji
from migrate.lint import problems
from migrate.read import Reader
from migrate.read.encodings import TWINS, cp932
from migrate.report import ledger

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"
HEAD = "from,to,kind,approved_by,approved_on,note\n"
SIGNED = "市民課,2026-05-12,"

LAYOUT = """title = "架空の名簿"
source = "架空"
format = "fixed"
encoding = "cp932"
newline = "crlf"
record_bytes = 41
file = "ROLL*"

[[record]]
name = "person"
tag = [{ at = 1, is = ["1"] }]

[[record]]
name = "remark"
tag = [{ at = 1, is = ["2"] }]
"""
PERSON = """name,label,start,bytes,type,scale,group,times,sensitive,note
kind,区分,1,1,digits,,,,,
name,氏名,2,20,wide,,,,yes,
kana,カナ,22,10,kana,,,,yes,
place,方書,32,10,text,,,,yes,
"""
REMARK = """name,label,start,bytes,type,scale,group,times,sensitive,note
kind,区分,1,1,digits,,,,,
text,備考,2,40,text,,,,yes,
"""


@pytest.fixture
def root(tmp_path):
    """A user's folder with the layout of one invented file."""
    return rooted(tmp_path / "root")


def rooted(folder, gaiji_rows=None, vendor="kiri"):
    if vendor == "kiri":
        home = folder / "layouts/legacy/kiri/roll"
        home.mkdir(parents=True, exist_ok=True)
        (home / "layout.toml").write_text(LAYOUT, "utf-8")
        (home / "person.csv").write_text(PERSON, "utf-8")
        (home / "remark.csv").write_text(REMARK, "utf-8")
    if gaiji_rows is not None:
        path = folder / f"layouts/legacy/{vendor}/gaiji.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + "".join(f"{row}\n" for row in gaiji_rows), "utf-8")
    return folder


def person(name: bytes, place: bytes = b"", kana: bytes = b"") -> bytes:
    gap = b"\x81\x40" * ((20 - len(name)) // 2)
    return b"1" + name + gap + kana.ljust(10) + place.ljust(10) + b"\r\n"


def remark(text: bytes) -> bytes:
    return b"2" + text.ljust(40) + b"\r\n"


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


ROLL = [
    person(hexed("F040") + "森薫子".encode("cp932"), hexed("8740")),
    person("檜垣".encode("cp932") + hexed("F040F040"), hexed("F9FC")),
    remark(b"x" + hexed("FBFC") + "橋夢乃".encode("cp932") + hexed("FAB1EE65")),
    person("森薫子".encode("cp932"), b"A-101", b"\xd3\xd8"),
    remark(hexed("81608191815F") + hexed("F040") + hexed("879A81E6FA5B")),
]
NAMES = ("森薫子", "檜垣", "橋夢乃", "薫子", "夢乃")


@pytest.fixture
def roll(tmp_path):
    path = tmp_path / "ROLL.DAT"
    path.write_bytes(b"".join(ROLL))
    return path


@pytest.fixture
def here(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    def go(*words):
        code = base.settle(main.cli.main, [str(w) for w in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def found_in(root, source, **more):
    return gaiji(Catalog(root), "kiri", source, **more)


def test_every_class_is_found_with_its_counts_field_by_field(root, roll):
    found = found_in(root, roll)
    lines = {(v.code, v.field): (v.unicode, v.classes, v.occurrences, v.records, v.samples) for v in found.lines}
    assert lines == {
        ("F040", "name"): ("U+E000", "user_defined", 3, 2, "ROLL.DAT:1 ROLL.DAT:2"),
        ("F040", "text"): ("U+E000", "user_defined", 1, 1, "ROLL.DAT:5"),
        ("F9FC", "place"): ("U+E757", "user_defined", 1, 1, "ROLL.DAT:2"),
        ("8740", "place"): ("U+2460", "nec_row13 not_jisx0208", 1, 1, "ROLL.DAT:1"),
        ("9E77", "name"): ("U+6A9C", "jis_78_83", 1, 1, "ROLL.DAT:2"),
        ("FBFC", "text"): ("U+9AD9", "ibm_extension not_jisx0208 not_jisx0213", 1, 1, "ROLL.DAT:3"),
        ("FAB1", "text"): ("U+FA11", "ibm_extension not_jisx0208", 1, 1, "ROLL.DAT:3"),
        ("EE65", "text"): ("U+FA1B", "nec_selected compatibility not_jisx0208", 1, 1, "ROLL.DAT:3"),
        ("879A", "text"): ("U+2235", "nec_row13", 1, 1, "ROLL.DAT:5"),
        ("FA5B", "text"): ("U+2235", "ibm_extension", 1, 1, "ROLL.DAT:5"),
    }  # fmt: skip
    assert found.records == 5
    assert found.unread == 0
    assert found.classes["user_defined"] == (2, 5)
    assert found.classes["ibm_extension"] == (3, 3)


def test_a_code_in_several_fields_is_one_code_of_so_many_records(root, roll):
    found = found_in(root, roll)
    assert {c.code: (c.occurrences, c.records, c.fields) for c in found.codes if c.state} == {
        "F040": (4, 3, {"person.name": 3, "remark.text": 1}),
        "F9FC": (1, 1, {"person.place": 1}),
    }


def test_a_value_that_cannot_be_decoded_is_counted_as_unread(root, tmp_path):
    path = tmp_path / "ROLL.DAT"
    path.write_bytes(person(hexed("F040")) + person(hexed("F0408540")) + b"1short\r\n")
    found = found_in(root, path)
    assert (found.unread, found.records) == (2, 3)
    assert [(v.code, v.occurrences) for v in found.lines] == [("F040", 1)]


def test_what_is_approved_covers_characters_and_occurrences(tmp_path, roll):
    root = rooted(tmp_path / "r", [f"F040,U+9AD9,exact,{SIGNED}", "F9FC,U+9F8D,wider,,,"])
    found = found_in(root, roll)
    assert {c.code: (c.state, c.to, c.kind) for c in found.codes if c.state} == {
        "F040": ("approved", "U+9AD9", "exact"),
        "F9FC": ("proposed", "U+9F8D", "wider"),
    }
    assert (found.coverage.approved_kinds, found.coverage.kinds) == (1, 2)
    assert (found.coverage.approved_occurrences, found.coverage.occurrences) == (4, 5)
    assert found.coverage.share == 80.0


@pytest.mark.parametrize(("code", "character"), [
    ("F040", "F040"), ("U+E000", "F040"), ("F9FC", "F9FC"), ("U+E757", "F9FC"),
])  # fmt: skip
def test_a_row_may_be_written_as_code_or_as_character(tmp_path, roll, code, character):
    root = rooted(tmp_path / "r", [f"{code},U+9AD9,exact,{SIGNED}"])
    assert [c.code for c in found_in(root, roll).codes if c.state == "approved"] == [character]


BAD = {
    "F04": "should match pattern",
    "F040,9AD9": "should match pattern",
    "F040,U+9AD9,nearly": "'nearly'",
    f"F040,U+E001,exact,{SIGNED}": "no standard character",
    "F040,U+9AD9,exact,市民課": "only one of approved_by and approved_on",
    "F040,U+9AD9,exact,市民課,2026-02-30": "2026-02-30",
    f"F040,,exact,{SIGNED}": "approved without",
    f"F040,U+9AD9,,{SIGNED}": "approved without",
    "F040\nF040": "comes twice",
}


@pytest.mark.parametrize("row", BAD)
def test_a_row_that_says_nothing_clear_is_refused_when_the_layout_is_loaded(tmp_path, row):
    rows = [(line + "," * 6)[: len(line) + 5 - line.count(",")] for line in row.split("\n")]
    root = rooted(tmp_path / "r", rows)
    with pytest.raises(KnowledgeError, match=BAD[row]):
        Catalog(root).layout("kiri/roll")


@pytest.mark.parametrize(("rows", "said"), [
    (["8D82,U+9AD9,exact,,,"], "no user-defined character of cp932"),
    (["U+9AD8,U+9AD9,exact,,,"], "no user-defined character of cp932"),
    (["F040,U+9AD9,exact,,,", "U+E000,U+9AD9,exact,,,"], "the same character, U+E000, as F040"),
])  # fmt: skip
def test_lint_knows_codes_that_are_no_gaiji_or_the_same_one(tmp_path, rows, said, monkeypatch):
    root = rooted(tmp_path / "r", rows)
    monkeypatch.setattr("migrate.catalog.shipped", lambda: root)
    found, counts = problems(Catalog(root))
    assert any(said in p.cause for p in found)
    assert counts["gaiji"] == len(rows)


def read(root, path, **more):
    reader = Reader(Catalog(root).layout("kiri/roll"), **more)
    return next(iter(reader.batches(path)))


APPLIED = [
    ("U+9AD9", "exact", "髙", 0),
    ("U+8FBB+U+E0100", "exact", "辻\U000e0100", 0),
    ("U+20BB7", "exact", "𠮷", 0),
    ("U+9AD8", "wider", "高", 3),
    ("U+9AD8", "equivalent", "高", 3),
    ("U+8FBB+U+E0100", "shape-only", "辻\U000e0100", 3),
]


@pytest.mark.parametrize(("to", "kind", "text", "alerts"), APPLIED)
def test_what_is_approved_is_applied_and_what_is_not_exact_leaves_an_alert_a_value(
    tmp_path, roll, to, kind, text, alerts
):
    root = rooted(tmp_path / "r", [f"F040,{to},{kind},{SIGNED}"])
    found = read(root, roll)
    assert found.frames["person"]["name"].to_list() == [text + "森薫子", "檜垣" + text * 2, "森薫子"]
    assert found.frames["person"]["place"].to_list() == ["①", "\ue757", "A-101"]
    loose = found.issues.filter(code="gaiji_settled_loosely")
    assert loose.height == alerts == found.issues.height
    if alerts:
        assert loose["record"].to_list() == [1, 2, 5]
        assert loose["item"].to_list() == ["name", "name", "text"]
        assert loose["byte"].to_list() == [1, 44, 173]
        assert set(loose["value"]) == {"F040"}
        assert set(loose["severity"]) == {"alert"}


def test_only_the_code_counts_a_value_that_has_the_standard_character_itself_is_no_matter(tmp_path):
    root = rooted(tmp_path / "r", [f"F040,U+9AD8,wider,{SIGNED}"])
    path = tmp_path / "ROLL.DAT"
    path.write_bytes(person("高木".encode("cp932")) + person(hexed("F040") + "木".encode("cp932")))
    found = read(root, path)
    assert found.frames["person"]["name"].to_list() == ["高木", "高木"]
    assert found.issues["record"].to_list() == [2]


@pytest.mark.parametrize("signed", [",,", "市民課,2026-05-12,"])
def test_a_row_is_applied_when_it_is_approved_and_not_before(tmp_path, roll, signed):
    root = rooted(tmp_path / "r", [f"F040,U+9AD9,exact,{signed}"])
    name = read(root, roll).frames["person"]["name"][0]
    assert name == ("髙森薫子" if signed != ",," else "\ue000森薫子")


def test_counting_tells_settled_and_unsettled_and_gives_the_same_text(tmp_path, roll):
    root = rooted(tmp_path / "r", [f"F040,U+9AD9,exact,{SIGNED}"])
    plain, counted = read(root, roll), read(root, roll, counting=True)
    assert all(plain.frames[name].equals(frame) for name, frame in counted.frames.items())
    assert counted.gaiji == {
        ("person", "name"): (3, 0), ("person", "place"): (0, 1), ("remark", "text"): (1, 0),
    }  # fmt: skip
    assert plain.gaiji == {}


def test_the_next_rehearsal_says_what_is_new_gone_and_changed(root, roll, tmp_path):
    first = tmp_path / "first.csv"
    first.write_text(ledger.gaiji_as_csv(found_in(root, roll)), "utf-8", newline="")
    roll.write_bytes(b"".join(ROLL[1:]) + remark(hexed("F041")))
    again = found_in(root, roll, before=first)
    changes = {(v.code, v.field): (v.change, v.before, v.occurrences) for v in again.lines if v.change}
    assert changes == {
        ("F040", "name"): ("changed", 3, 2),
        ("F041", "text"): ("new", 0, 1),
        ("8740", "place"): ("gone", 1, 0),
    }
    second = tmp_path / "second.csv"
    second.write_text(ledger.gaiji_as_csv(again), "utf-8", newline="")
    assert {v.change for v in found_in(root, roll, before=second).lines} == {""}
    assert "1 new, 1 gone, 1 changed" in ledger.gaiji_as_text(again)


def test_an_earlier_report_that_is_none_is_refused(root, roll, tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("code,count\nF040,1\n", "utf-8")
    with pytest.raises(KnowledgeError, match="count"):
        found_in(root, roll, before=wrong)


def test_the_skeleton_holds_what_no_row_is_about_and_becomes_a_ledger(tmp_path, roll):
    root = rooted(tmp_path / "r", ["F9FC,U+9F8D,wider,,,"])
    text = ledger.gaiji_ledger(found_in(root, roll))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(r["from"], r["to"], r["approved_by"]) for r in rows] == [("F040", "", "")]
    (root / "layouts/legacy/kiri/gaiji.csv").write_text(text, "utf-8", newline="")
    assert {c.code: c.state for c in found_in(root, roll).codes if c.state} == {"F040": "proposed", "F9FC": "none"}


def test_a_ledger_is_never_written_over_a_file(root, roll, here, tmp_path):
    mine = tmp_path / "gaiji.csv"
    mine.write_text("precious", "utf-8")
    code, _, said = here("gaiji", "report", "kiri", roll, "--root", root, "--ledger", mine)
    assert (code, mine.read_text("utf-8")) == (12, "precious")
    assert "is there already" in said


GATES = [
    ([], None, 4), ([], "100%", 8), ([], "0%", 4), (["F040"], "80%", 4), (["F040"], "80.1%", 8),
    (["F040", "F9FC"], "100%", 0), (["F040", "F9FC"], None, 0), ([], "101%", 12), ([], "all", 12),
]  # fmt: skip


@pytest.mark.parametrize(("approved", "wanted", "code"), GATES)
def test_the_gate_of_the_report_is_a_share_of_the_occurrences(tmp_path, roll, here, approved, wanted, code):
    root = rooted(tmp_path / "r", [f"{c},U+9AD9,exact,{SIGNED}" for c in approved])
    gate = ["--require-gaiji", wanted] if wanted else []
    assert here("gaiji", "report", "kiri", roll, "--root", root, *gate)[0] == code


@pytest.mark.parametrize("form", ["text", "csv", "json"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_no_output_holds_a_value_of_the_file(root, roll, here, form, lang, tmp_path):
    into, new, log = tmp_path / "report", tmp_path / "new.csv", tmp_path / "log"
    code, out, err = here("gaiji", "report", "kiri", roll, "--root", root, "--format", form, "--lang", lang,
                          "--into", into, "--ledger", new, "--log", log)  # fmt: skip
    assert code == 4, err
    said = out + err + "".join(p.read_text("utf-8") for p in (into, new, log))
    assert "F040" in said
    assert not [name for name in NAMES if name in said]


def test_a_folder_gives_one_report_over_all_its_files(root, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"ROLL{number}.DAT").write_bytes(b"".join(ROLL))
    found = found_in(root, folder)
    line = next(v for v in found.lines if (v.code, v.field) == ("F040", "name"))
    assert (line.occurrences, line.records) == (6, 4)
    assert line.samples == "ROLL1.DAT:1 ROLL1.DAT:2 ROLL2.DAT:1 ROLL2.DAT:2"


CHARACTERS = [
    *(f"{code:04X}" for code in (0xF040, 0xF0FC, 0xF140, 0xF9FC, 0x8740, 0x879C, 0xED40, 0xEEFC, 0xFA40, 0xFA5B, 0xFBFC, 0xFC4B)),
    *(f"{code:04X}" for code in (0x8160, 0x817C, 0x8191, 0x815C, 0x815F, 0x889F, 0x9E77, 0x968F, 0xEAA4, 0x82A0)),
    "41", "20", "B1",
]  # fmt: skip
JIS_1983 = set(SWAPPED)
ORDINARY = {*TWINS, "―", "＼"}


def slowly(code: str) -> str:
    """The classes of one code, as a person would look them up."""
    text = bytes.fromhex(code).decode("cp932")
    lead = int(code[:2], 16)
    if 0xF0 <= lead <= 0xF9:
        return "user_defined"
    found = ["nec_row13"] * (lead == 0x87) + ["nec_selected"] * (lead in (0xED, 0xEE)) + ["ibm_extension"] * (lead >= 0xFA)
    found += ["compatibility"] * ("\uf900" <= text <= "\ufaff" and text not in UNIFIED) + ["jis_78_83"] * (text in JIS_1983)
    for name, codec in (("not_jisx0208", "shift_jis"), ("not_jisx0213", "shift_jis_2004")):
        try:
            text.encode(codec)
        except UnicodeEncodeError:
            found += [name] * (text not in ORDINARY)
    return " ".join(found)


texts = st.lists(st.sampled_from(CHARACTERS), max_size=12)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(texts, texts), min_size=1, max_size=12))
def test_the_counts_are_those_of_a_slow_count(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("count")
    root = rooted(folder / "root")
    wanted: Counter[tuple[str, str, str]] = Counter()
    data = b""
    for name, text in rows:
        name = [c for c in name if len(c) == 4][:10]  # noqa: PLW2901 - a wide field
        data += person(hexed("".join(name))) + remark(hexed("".join(text)))
        wanted.update((code, "name", slowly(code)) for code in name if slowly(code))
        wanted.update((code, "text", slowly(code)) for code in text if slowly(code))
    path = folder / "ROLL.DAT"
    path.write_bytes(data)
    found = found_in(root, path)
    assert found.unread == 0
    assert {(v.code, v.field, v.classes): v.occurrences for v in found.lines} == wanted


def test_every_code_of_the_encoding_is_told_from_every_other():
    encoding = cp932("microsoft")
    first, marked, others = codes(encoding)
    told = {}
    for code in [c for c in range(65536) if encoding.pairs[0, c]]:
        text = marked.decode(code.to_bytes(2, "big"))
        told[code] = others.get(text, (first.get(text), text))
    assert {code: int(hexed, 16) for code, (hexed, _) in told.items() if code != 0x8140} == {c: c for c in told if c != 0x8140}
    assert all(encoding.decode(code.to_bytes(2, "big")) == text for code, (_, text) in told.items())


@pytest.mark.parametrize(("text", "encoding", "wanted"), [
    ("辻\U000e0100", "utf-8", ("variation",)),
    ("か\u309a", "utf-8", ("variation",)),
    ("\U0010fffd", "utf-8", ("user_defined",)),
    ("𠮷", "utf-8", ("not_jisx0208", "not_jisx0213")),
    ("俱", "utf-8", ("not_jisx0208",)),
    ("﨎", "utf-8", ("not_jisx0208",)),
    ("\ufa19", "utf-8", ("compatibility", "not_jisx0208")),
    ("～", "utf-8", ()),
    ("髙", "ibm939", ("not_jisx0208", "not_jisx0213")),
])  # fmt: skip
def test_classes_by_character(text, encoding, wanted):
    assert classes(text, "", encoding)[: len(wanted) or None] == wanted


def test_a_variation_sequence_is_one_character():
    from migrate.inventory.gaiji import _keys

    row, key = _keys(pl.Series(["辻\U000e0100x", None, "\U000e0100", "\ue000辻\U000e0100"]))
    assert row.tolist() == [0, 2, 3, 3]
    assert [(int(k) >> 32, int(k) & 0xFFFFFFFF) for k in key] == [
        (0x8FBB, 0xE0100), (0, 0xE0100), (0, 0xE000), (0x8FBB, 0xE0100)
    ]  # fmt: skip


# ---- a run ----


@pytest.fixture
def converted(tmp_path):
    """The sample, converted with the gaiji of a user's folder."""

    def go(rows, **options):
        root = rooted(tmp_path / "asama", rows, "asama")
        mappings = Catalog(root).mappings("asama/resident")
        return run(mappings, SAMPLE, tmp_path / "out", Options(**options)), tmp_path / "out"

    return go


def written(folder):
    return next(p for p in folder.iterdir() if "juki_resident_" in p.name and ".extra" not in p.name).read_text("utf-8")


def found_codes(report):
    return {code: n for (_, item, code, _), n in report.issues.items() if item in ("name", "head_name")}


def test_an_exact_gaiji_is_written_without_a_word(converted):
    report, out = converted([f"F040,U+9AD9,exact,{SIGNED}"], require_gaiji=100)
    assert (report.exit_code, report.gaiji) == (4, {"settled": 2, "unsettled": 0})
    assert "\ue000" not in written(out)
    assert not {"unregistered_gaiji", "gaiji_settled_loosely"} & set(found_codes(report))
    facts = json.loads((out / "run.json").read_text("utf-8"))
    assert facts["gaiji"] == {"settled": 2, "unsettled": 0}
    assert any(name.endswith("gaiji.csv") for name in facts["knowledge"])


def test_a_loose_gaiji_is_an_alert_for_each_value_in_issues_csv(converted):
    report, out = converted([f"F040,U+9AD8,wider,{SIGNED}"])
    assert report.exit_code == 4
    assert "\ue000" not in written(out)
    listed = [r for r in csv.DictReader(io.StringIO((out / "issues.csv").read_text("utf-8"))) if r["code"] == "A-READ-081"]
    assert [(r["item"], r["table"], r["value"]) for r in listed] == [("name", "", "F040"), ("head_name", "", "F040")]
    assert all(books.balance for books in report.books.values())


@pytest.mark.parametrize(("rows", "wanted", "code"), [
    ([], None, 4), ([], 100, 8), ([], 0, 4), (["F040,U+9AD9,exact,,,"], 100, 8), ([f"F040,U+9AD9,exact,{SIGNED}"], 100, 4),
])  # fmt: skip
def test_the_gate_of_a_run_leaves_partial_files_and_no_manifest(converted, rows, wanted, code):
    report, out = converted(rows, require_gaiji=wanted)
    assert report.exit_code == code
    assert (out / "run.json").exists() == (code != 8)
    assert any(p.suffix == ".partial" for p in out.iterdir()) == (code == 8)


def test_the_gate_changes_no_byte_of_what_is_written(converted):
    rows = [f"F040,U+9AD8,wider,{SIGNED}"]
    _, out = converted(rows)
    without = written(out), (out / "issues.csv").read_text("utf-8")
    _, out = converted(rows, require_gaiji=100)
    assert (written(out), (out / "issues.csv").read_text("utf-8")) == without


def test_the_command_says_why_the_gate_is_shut(here, tmp_path):
    code, out, _ = here("convert", "asama/resident", SAMPLE, "--into", tmp_path / "o", "--require-gaiji", "100%", "--lang", "en")
    assert code == 8
    assert "of 2 user-defined characters 0 are settled" in out


def test_show_prints_the_ledger(tmp_path, here):
    root = rooted(tmp_path / "r", [f"F040,U+9AD9,exact,{SIGNED}辞典", "F041,,,,,"])
    code, out, _ = here("show", "kiri/gaiji", "--root", root)
    assert code == 0
    assert "髙" in out
    assert "not approved" in out


def test_a_loose_gaiji_in_a_file_that_is_only_looked_up_is_an_alert_of_that_file(tmp_path):
    root = rooted(tmp_path / "r", [f"F040,U+9AD8,wider,{SIGNED}"], "asama")
    mappings = Catalog(root).mappings("asama/ca_child")
    export = tmp_path / "export"
    export.mkdir()
    (export / "JIDOTE01.DAT").write_bytes(b"1".ljust(640) + b"\r\n")  # nobody in it: a header
    (export / "JUKI0100.DAT").write_bytes(SAMPLE.read_bytes())
    given = {"city": "482013", "as_of": "20260401000000", "part": True}
    report = run(mappings, export, tmp_path / "out", Options(**given))
    assert report.issues == {("", "name", "gaiji_settled_loosely", "alert"): 1}
    listed = (tmp_path / "out/issues.csv").read_text("utf-8").splitlines()
    assert [row for row in listed if "A-READ-081" in row and "JUKI0100.DAT" in row and "氏名" in row] == listed[1:]
    both = Catalog(root).mappings("asama/ca_child") + Catalog(root).mappings("asama/resident")
    report = run(both, export, tmp_path / "both", Options(**given))
    assert {k: n for k, n in report.issues.items() if k[2] == "gaiji_settled_loosely"} == {
        ("", "name", "gaiji_settled_loosely", "alert"): 1, ("", "head_name", "gaiji_settled_loosely", "alert"): 1,
    }  # fmt: skip


def test_the_gate_sees_what_is_only_looked_up(tmp_path):
    export = tmp_path / "export"
    export.mkdir()
    (export / "JIDOTE01.DAT").write_bytes(b"1".ljust(640) + b"\r\n")  # nobody in it: a header
    (export / "JUKI0100.DAT").write_bytes(SAMPLE.read_bytes())
    options = Options(city="482013", as_of="20260401000000", part=True, require_gaiji=100)
    report = run(Catalog(ROOT).mappings("asama/ca_child"), export, tmp_path / "out", options)
    assert (report.exit_code, report.gaiji) == (8, {"settled": 0, "unsettled": 1})


def test_gaiji_of_a_csv_file_are_counted_applied_and_placed_behind_the_quotes(tmp_path):
    root = rooted(tmp_path / "r", [f"F040,U+9AD8,wider,{SIGNED}"])
    home = root / "layouts/legacy/kiri/list"
    home.mkdir()
    (home / "layout.toml").write_text(
        'title = "架空"\nsource = "架空"\nformat = "csv"\nencoding = "cp932"\nnewline = "crlf"\nheader_lines = 0\n'
        'file = "LIST*"\n[[record]]\nname = "row"\n', "utf-8",
    )  # fmt: skip
    (home / "row.csv").write_text("name,label,type,sensitive\nnumber,番号,digits,\nname,氏名,text,yes\n", "utf-8")
    path = tmp_path / "LIST.CSV"
    path.write_bytes(b'1,"' + hexed("F040") + b'"\r\n2,' + hexed("FBFCF041") + b"\r\n")
    found = next(iter(Reader(Catalog(root).layout("kiri/list")).batches(path)))
    assert found.frames["row"]["name"].to_list() == ["高", "髙\ue001"]
    assert found.issues.select("record", "byte", "item", "code").rows() == [(1, 3, "name", "gaiji_settled_loosely")]
    counted = gaiji(Catalog(root), "kiri/list", path)
    assert {(v.code, v.field, v.occurrences, v.state) for v in counted.lines} == {
        ("F040", "name", 1, "approved"), ("F041", "name", 1, "none"), ("FBFC", "name", 1, ""),
    }  # fmt: skip
