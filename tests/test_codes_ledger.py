"""The code ledger: what the words `code` meet, which rows are approved, and what a row that is not does."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from migrate import Catalog, Options, run
from migrate.cli import base, main
from migrate.errors import KnowledgeError
from migrate.inventory.codes import codes
from migrate.report import ledger

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"
HEAD = "from,to,note,approved_by,approved_on\n"
SIGNED = "市民課,2026-05-12"
SEXES = "1,1,男,{0}\n2,2,女,{0}\n0,9,不明,{0}\n"


@pytest.fixture
def here(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)

    def go(*words):
        code = base.settle(main.cli.main, [str(w) for w in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def rooted(folder, name, text):
    """A user's folder whose crosswalk is used instead of the shipped one."""
    path = folder / f"mappings/asama/codes/{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def found_in(root=ROOT, source=SAMPLE, **more):
    return codes(Catalog(root).mappings("asama/resident"), source, **more)


def of(found, name):
    return {v.code: v for v in found.lines if v.list == f"asama/{name}"}


def test_each_code_is_counted_with_what_it_becomes():
    sexes = of(found_in(), "sex")
    assert {c: (v.to, v.label, v.state) for c, v in sexes.items() if c != "3"} == {
        "1": ("1", "男", "approved"), "2": ("2", "女", "approved"), "0": ("0", "不明（未記入）", "approved"),
    }  # fmt: skip
    assert (sexes["3"].to, sexes["3"].state, sexes["3"].occurrences) == ("", "none", 1)
    assert sexes["1"].columns == "juki_resident.sex"


def test_the_counts_are_those_of_the_bytes_of_records_in_scope():
    from migrate.read import Reader

    layout = Catalog(ROOT).layout("asama/resident")
    frames = [read.frames["resident"] for read in Reader(layout).batches(SAMPLE)]
    readable = {n for frame in frames for n in frame["_record"].to_list()}
    whole = SAMPLE.read_bytes().split(b"\r\n")
    fields = layout.types["resident"].read
    sex, kind = fields["sex"], fields["resident_class"]
    wanted = Counter(
        record[sex.at : sex.at + 1].decode()
        for number, record in enumerate(whole, 1)
        if number in readable and record[kind.at : kind.at + 1] != b"9"
    )
    wanted.pop(" ", None)
    assert {c: v.occurrences for c, v in of(found_in(), "sex").items() if v.occurrences} == wanted


def test_a_list_used_by_several_columns_counts_a_record_once():
    relation = of(found_in(), "relation")
    assert any(v.occurrences > v.records for v in relation.values())
    assert len(next(iter(relation.values())).columns.split()) == 4


def test_rows_that_no_record_has_are_listed_and_cover_nothing():
    found = found_in()
    assert of(found, "deleted")["9"].occurrences == 0
    assert found.lists["asama/deleted"].kinds == 1
    assert found.coverage.kinds == sum(bool(v.occurrences) for v in found.lines)
    assert found.coverage.occurrences - found.coverage.approved_occurrences == 3


def test_without_the_columns_a_crosswalk_is_agreed_on_as_a_whole(tmp_path):
    root = rooted(tmp_path, "sex", "from,to,note\n1,1,\n2,2,\n0,9,\n")
    walk = Catalog(root).mapping("asama/resident").crosswalks["sex"]
    assert (len(walk.pairs), walk.proposed) == (3, {})


@pytest.mark.parametrize(("text", "pairs", "proposed"), [
    (HEAD + SEXES.format(SIGNED), {"1": "1", "2": "2", "0": "9"}, {}),
    (HEAD + SEXES.format(","), {}, {"1": "1", "2": "2", "0": "9"}),
    (HEAD + f"1,1,,{SIGNED}\n2,2,,,\n", {"1": "1"}, {"2": "2"}),
    ("from,to,approved_by\n1,1,\n", {}, {"1": "1"}),
])  # fmt: skip
def test_with_the_columns_only_approved_rows_are_applied(tmp_path, text, pairs, proposed):
    walk = Catalog(rooted(tmp_path, "sex", text)).examined("asama/resident")[0].crosswalks["sex"]
    assert (walk.pairs, walk.proposed) == (pairs, proposed)


@pytest.mark.parametrize(("row", "said"), [
    ("1,1,,市民課,", "only one of approved_by and approved_on"),
    ("1,1,,,2026-05-12", "only one of approved_by and approved_on"),
    ("1,1,,市民課,12 May", "12 May"),
    ("1,7,,,", "7"),
])  # fmt: skip
def test_a_row_that_is_wrong_is_refused_approved_or_not(tmp_path, row, said):
    root = rooted(tmp_path, "sex", f"{HEAD}{row}\n")
    with pytest.raises(KnowledgeError, match=said):
        Catalog(root).mapping("asama/resident")


def test_a_row_without_approval_refuses_its_values_with_a_code_of_its_own(tmp_path):
    text = HEAD + SEXES.format(SIGNED).replace(f"2,2,女,{SIGNED}", "2,2,女,,")
    root = rooted(tmp_path / "r", "sex", text)
    sexes = of(found_in(root), "sex")
    assert sexes["2"].state == "proposed"
    report = run(Catalog(root).mappings("asama/resident"), SAMPLE, tmp_path / "out", Options())
    counts = {code: n for (_, item, code, _), n in report.issues.items() if item == "sex"}
    assert counts == {"code_unapproved": sexes["2"].occurrences, "code": 1}
    assert all(books.balance for books in report.books.values())


def test_an_example_may_expect_it(tmp_path):
    from migrate.convert import Converter
    from migrate.model import Example

    mapping = Catalog(rooted(tmp_path, "sex", HEAD + SEXES.format(","))).mapping("asama/resident")
    example = Example(because="-", given={"sex": "1"}, expect={"sex": "!code_unapproved"})
    assert Converter(mapping, {"city": "482013"}).try_example(example) == {"sex": "!code_unapproved"}


def test_the_next_rehearsal_says_what_is_new_gone_and_changed(records, tmp_path):
    def source(*chosen):
        path = tmp_path / "part.dat"
        path.write_bytes(b"".join(chosen))
        return path

    first = tmp_path / "first.csv"
    first.write_text(ledger.codes_as_csv(found_in(source=source(*records[20:40]))), "utf-8", newline="")
    found = found_in(source=source(*records[20:60]), before=first)
    again = of(found, "sex")
    assert again["1"].before < again["1"].occurrences
    assert again["1"].change == "changed"
    assert not {v.change for v in found.lines} - {"", "changed"}
    shorter = tmp_path / "shorter.csv"
    rows = [line for line in first.read_text("utf-8").splitlines(keepends=True) if ",asama/sex,1," not in line]
    shorter.write_text("".join(rows) + ",asama/sex,X,,,,5,5,,,none\r\n", "utf-8", newline="")
    changed = of(found_in(source=source(*records[20:40]), before=shorter), "sex")
    assert (changed["1"].change, changed["X"].change, changed["X"].before) == ("new", "gone", 5)


def test_missing_codes_become_unapproved_rows_in_new_files(tmp_path, here):
    folder = tmp_path / "todo"
    code, _, err = here("codes", "report", "asama/resident", SAMPLE, "--ledger", folder)
    assert code == 4, err
    assert sorted(p.name for p in folder.iterdir()) == ["relation.missing.csv", "sex.missing.csv", "sex_text.missing.csv"]
    rows = list(csv.DictReader(io.StringIO((folder / "sex.missing.csv").read_text("utf-8"))))
    assert [(r["from"], r["to"], r["approved_by"], r["approved_on"]) for r in rows] == [("3", "", "", "")]
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    code, _, err = here("codes", "report", "asama/resident", SAMPLE, "--ledger", folder, "--lang", "en")
    assert (code, {p.name: p.read_bytes() for p in folder.iterdir()}) == (12, before)
    assert "is there already" in err


def test_the_rows_of_a_skeleton_can_be_read_as_a_crosswalk(tmp_path):
    texts = ledger.codes_ledger(found_in())
    root = rooted(tmp_path, "sex", HEAD + SEXES.format(SIGNED) + texts["asama/sex"].split("\r\n")[1] + "\n")
    assert of(found_in(root), "sex")["3"].state == "proposed"


@pytest.mark.parametrize(("wanted", "code"), [(None, 4), ("100%", 8), ("99.9%", 4), ("99.99%", 8), ("most", 12)])
def test_the_gate_is_a_share_of_the_occurrences(here, wanted, code):
    gate = ["--require-codes", wanted] if wanted else []
    assert here("codes", "report", "asama/resident", SAMPLE, *gate)[0] == code


def test_all_approved_is_clean(here, records, tmp_path):
    path = tmp_path / "few.dat"
    path.write_bytes(b"".join(records[20:26]))
    assert here("codes", "report", "asama/resident", path, "--require-codes", "100%")[0] == 0


@pytest.mark.parametrize(("value", "shown"), [
    ("12AB", "12AB"), ("1234567", "(7 characters)"), ("山田", "(2 characters)"), ("A-1", "(3 characters)"), ("9", "9"),
])  # fmt: skip
def test_of_a_personal_field_only_short_codes_are_shown(value, shown):
    import polars as pl

    from migrate.inventory.codes import _Asked, _met
    from migrate.model import Crosswalk

    frame = pl.DataFrame({"_record": [1], "v": [value]})
    walk = Crosswalk(Path("x.csv"), {"9": "1"})
    assert _met(frame, _Asked("kiri/x", pl.col("v"), True), walk)["value"].to_list() == [shown]
    assert _met(frame, _Asked("kiri/x", pl.col("v"), False), walk)["value"].to_list() == [value]


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_no_output_holds_a_name_of_the_file(form, here, records):
    code, out, err = here("codes", "report", "asama/resident", SAMPLE, "--format", form)
    layout = Catalog(ROOT).layout("asama/resident").types["resident"].read
    places = [layout[f] for f in ("name", "name_kana", "atena_no", "jumin_code", "town")]
    values = {r[f.at : f.at + f.bytes].decode("cp932", "replace").strip(" \u3000") for r in records[1:-1] for f in places}
    assert code == 4, err
    assert len(values) > 1000
    assert not [v for v in values if len(v) > 3 and v in out]
