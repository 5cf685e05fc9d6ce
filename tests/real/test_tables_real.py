"""Every encoding against the complete tables of others: ICU, jef4j, Java, and the texts of glibc and CPython."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path

import pytest

from migrate.read.encodings import ENCODINGS

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("encodings_tool", ROOT / "tools/encodings.py")
tool = importlib.util.module_from_spec(spec)

sys.modules[spec.name] = tool
spec.loader.exec_module(tool)

DIFFERENT = {  # code: theirs, ours. The complete list of what is read otherwise than jef4j reads it, user tables aside
    "fujitsu_jef": "B3EC \ufa60褐 B4C2 㵎澗 B7D5 荆荊 B7E4 𨻶隙 B9B7 昻昂 BAF4 栅柵 D5E3 𡨚寃 DBCA 柺枴 DBF4 梎梍 DFF3 𤏐燗",
    "hitachi_keis78": "A2BE ⊃⊂ A2BF ⊂⊃",
    "hitachi_keis83": "",
    "nec_jips": "",
}
REFUSED = {
    "hitachi_keis78": tool.within((0xAFA1, 0xAFC4)) | tool.codes("73FA 73FB"),
    "hitachi_keis83": tool.codes("73FA 73FB"),
}


@pytest.fixture(scope="module")
def measured(realdata):
    tool.REALDATA = realdata
    found = {}

    def of(truth):
        if id(truth) not in found:
            found[id(truth)] = tool.measure(truth)
        return found[id(truth)]

    return of


def ids(truth) -> str:
    return f"{truth.encoding} {truth.source} {truth.part} {truth.table}"


@pytest.mark.parametrize("truth", tool.TRUTHS, ids=ids)
def test_every_difference_has_its_reason_and_the_figures_are_those_of_the_page(truth, measured) -> None:
    found = measured(truth)
    assert [rest for rest in found.rest if not rest[3]] == []
    with (ROOT / "benchmarks/results/encodings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert found.row() == rows[tool.TRUTHS.index(truth)]


@pytest.mark.parametrize("truth", [t for t in tool.TRUTHS if t.source.startswith("icu ") or "IBM" in t.source], ids=ids)
def test_ibms_tables_and_windows_are_equal_code_by_code(truth, measured) -> None:
    found = measured(truth)
    allowed = ["A0", "FD", "FE", "FF"] if truth.encoding == "cp932" else []
    assert [code for code, *_ in found.rest] == allowed
    assert found.points >= 163


@pytest.mark.parametrize("truth", [t for t in tool.TRUTHS if t.source.startswith("jef4j ") and not t.table], ids=ids)
def test_what_of_a_hosts_pairs_is_read_otherwise_is_this(truth, measured) -> None:
    found = measured(truth)
    name = truth.source.split()[1]
    listed = DIFFERENT[name].split()
    wanted = dict(zip(listed[::2], listed[1::2], strict=True))
    assert {code: theirs + mine for code, theirs, mine, _ in found.rest if mine} == wanted
    refused = {code for code, _, mine, _ in found.rest if not mine}
    if name in REFUSED:
        assert refused == REFUSED[name]
    elif name == "fujitsu_jef":
        assert refused - tool.within((0x41A1, 0x7FFE)) == tool.codes("ADE5 ADE6 ADE7 ADE8 ADE9 ADF3 ADF8 ADF9")
        assert len(refused) == 4636
    else:
        assert {code[:2] for code in refused if code < "8000"} == {"22", "28", "29", "2A", "2B", "2C", "2D"}
        assert (len(refused), len([code for code in refused if code > "8000"])) == (476, 11)


@pytest.mark.parametrize("truth", [t for t in tool.TRUTHS if t.table], ids=ids)
def test_with_jef4js_table_every_pair_is_as_there(truth, measured) -> None:
    found = measured(truth)
    if truth.source.startswith("jef4j "):
        assert found.rest == []
    elif truth.encoding == "jef-ebcdik":
        assert {why for *_, why in found.rest} == {tool.COMPATIBLE}
        assert len(found.rest) == 85
    else:
        assert {why for *_, why in found.rest} == {tool.SELECTED}
        assert len(found.rest) == 12


def test_of_the_rows_of_jef_3798_have_a_selector_of_which_none_is_lost(realdata) -> None:
    tool.REALDATA = realdata
    truth = next(t for t in tool.TRUTHS if t.table == "fujitsu_jef")
    selected = [text for text in truth.mine().values() if "\U000e0100" <= text[-1] <= "\U000e01ef"]
    assert len(selected) == 3798


@pytest.mark.parametrize(
    ("file", "name", "characters", "refused"),
    [("fujitsu_jef_ebcdik", "jef-ebcdik", "microsoft", "箪騨騨騨騨"),  # they lie in the extension
     ("ibm_cp930", "ibm930", "microsoft", ""),  # written by Java
     ("nec_jipsj_jis8", "jipsj-jis8", "jis", "")],
)  # fmt: skip
def test_every_text_of_a_hosts_file_is_read_as_it_was_written(realdata, file, name, characters, refused) -> None:
    encoding = ENCODINGS[name](characters)
    data = (realdata / f"mainframe_encoded/{file}.dat").read_bytes()
    lines = (realdata / f"mainframe_encoded/{file}.expected.tsv").read_text("utf-8").split("\n")[1:-1]
    wrong = []
    for number, line in enumerate(lines):
        record = data[number * 200 : number * 200 + 200]
        texts = [encoding.decode(record[at:end]) for at, end in ((0, 5), (5, 12), (12, 62), (102, 162))]
        texts.insert(3, encoding.decode_wide(record[62:102]))
        pairs = zip([text.rstrip(" \u3000") for text in texts], line.split("\t"), strict=False)
        wrong += [(mine, theirs) for mine, theirs in pairs if mine != theirs]
    assert len(lines) == 2000
    assert "".join(b for mine, theirs in wrong for a, b in zip(mine, theirs, strict=True) if a != b) == refused
    assert {a for mine, theirs in wrong for a, b in zip(mine, theirs, strict=True) if a != b} <= {"\ufffd"}
