"""Files of z/OS and others by copybooks that our own command imports, without a layout written by hand.

Judges: Cobrix's expected output and JRecord's CSV. `--update-golden` writes benchmarks/results/mainframes.csv anew.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import mainframes
import pytest

from migrate.catalog import Catalog
from migrate.cli import base, main

FIGURES = Path(__file__).resolve().parents[2] / "benchmarks/results/mainframes.csv"
COLUMNS = ["file", "judge", "records", "fields", "values", "equal", "different", "why", "equal_with_blanks"]
SEGMENTS = "SEGMENT-ID: CCCCC=STATIC-DETAILS:company PPPPP=CONTACTS:contact"
TAXPAYER = ("--when", "TAXPAYER-TYPE: A=TAXPAYER-STR N=TAXPAYER-NUM")
HOST = ("--encoding", "ibm037")
LOW, OTHER, UNDECIDED, LEFT_OUT, EDITED, LOW_DIGITS = (
    mainframes.LOW, mainframes.OTHER, mainframes.UNDECIDED, mainframes.LEFT_OUT, mainframes.EDITED,
    mainframes.LOW_DIGITS,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A copybook, how it is imported and what a person changes in the layout; data; a judge; what differs."""

    book: str
    data: str
    judge: str
    options: tuple[str, ...]
    edits: tuple[tuple[str, str], ...] = ()  # in layout.toml
    within: int = 0  # bytes of the length before a record that the judge counts, too
    code: int = 0  # how the import ends
    sorted: tuple[str, ...] = ()


def company(mark, other):
    """The low values behind a record's mark are not typed on a command line: its first byte is written into the layout."""
    return (('is = ["CCCCC"]', f'hex = ["{mark}"]'), ('is = ["PPPPP"]', f'hex = ["{other}"]'))


EBCDIC, ASCII = company("C3", "D7"), company("43", "50")


def ends(lead, tail):
    return (("record_bytes", f"lead_bytes = {lead}\ntail_bytes = {tail}\nrecord_bytes"),)


DIFFERS = {
    "test1": {LEFT_OUT: 17, UNDECIDED: 10},
    "test3": {LOW: 60},
    "test4": {LOW: 177, OTHER: 180},
    "test5": {LOW: 177, OTHER: 259},
    "test5b": {LOW: 177, OTHER: 259},
    "test5c": {LOW: 177, OTHER: 13},
    "test5d": {LOW: 177, OTHER: 259},
    "test6": {LOW: 100, EDITED: 400},
    "test13a": {LOW: 50},
    "test13b": {LOW: 58, OTHER: 83},
    "test17": {LOW: 901, LOW_DIGITS: 47},
    "test17c": {LOW: 2634, LOW_DIGITS: 171}, "test17d": {LOW: 443, OTHER: 60}, "test17f": {LOW: 443, OTHER: 60},
    "test24": {LOW: 20, EDITED: 80},
}
CASES = {
    "test1": Case("test1_copybook.cob", "test1_data/example.bin", "test1_expected/test1.txt", HOST, code=4),
    "test3": Case("test3_copybook.cob", "test3_data/TRAN2.AUG31.DATA.dat", "test3_expected/test3.txt", HOST),
    "test4": Case("test4_copybook.cob", "test4_data/COMP.DETAILS.SEP30.DATA.dat", "test4_expected/test4.txt",
                  ("--prefix", "rdw_little", "--select", SEGMENTS, *TAXPAYER), edits=ASCII),
    "test5": Case("test5_copybook.cob", "test5_data/COMP.DETAILS.SEP30.DATA.dat", "test5_expected/test5.txt",
                  (*HOST, "--prefix", "rdw_little", "--select", SEGMENTS, *TAXPAYER), edits=EBCDIC),
    "test5b": Case("test5_copybook.cob", "test5b_data/COMP.DETAILS.FEB02.DATA.RDW.BE.dat", "test5_expected/test5b.txt",
                   (*HOST, "--prefix", "rdw_exclusive", "--select", SEGMENTS, *TAXPAYER), edits=EBCDIC),
    "test5c": Case("test5_copybook.cob", "test5_data/COMP.DETAILS.SEP30.DATA.dat", "test5_expected/test5c.txt",
                   (*HOST, "--prefix", "rdw_little", "--select", SEGMENTS, *TAXPAYER), edits=EBCDIC),
    "test5d": Case("test5d_copybook.cob", "test5b_data/COMP.DETAILS.FEB02.DATA.RDW.BE.dat", "test5_expected/test5d.txt",
                   (*HOST, "--prefix", "rdw_exclusive", "--select", SEGMENTS, *TAXPAYER), edits=EBCDIC, within=4),
    "test6": Case("test6_copybook.cob", "test6_data/INTEGR.TYPES.NOV28.DATA.dat", "test6_expected/test6.txt", HOST, code=4),
    "test13a": Case("test13a_file_header_footer.cob", "test13a_data/TRAN2.JUN24.DATA.dat", "test13_expected/test13a.txt",
                    HOST, edits=ends(10, 12), sorted=("company_id", "currency", "amount")),
    "test13b": Case("test13b_vrl_file_headers.cob", "test13b_data/COMP.DETAILS.JUN02.DATA.RDW.BE.dat",
                    "test13_expected/test13b.txt",
                    (*HOST, "--prefix", "rdw_exclusive", "--select", SEGMENTS, *TAXPAYER), edits=EBCDIC + ends(100, 120)),
    "test17": Case("test17_hierarchical.cob", "test17/HIERARCHICAL.DATA.RDW.dat", "test17_expected/test17a.txt",
                   (*HOST, "--prefix", "rdw_little", "--select",
                    "SEGMENT-ID: 1=COMPANY 2=DEPT 3=EMPLOYEE 4=OFFICE 5=CUSTOMER 6=CONTACT 7=CONTRACT")),
    "test24": Case("test24_copybook.cob", "test24_data/INTEGR.TYPES.NOV28.DATA.dat", "test24_expected/test24.txt", HOST, code=4),
}  # fmt: skip


def imported(realdata, tmp_path, case):
    """The layout that the command makes of a copybook, changed as a person would."""
    book = realdata / "cobrix_ebcdic" / case.book if "/" not in case.book else realdata / case.book
    tmp_path.mkdir(exist_ok=True)
    words = ["import", "copybook", str(book), "--into", "host/file", "--root", str(tmp_path), *case.options]
    assert base.settle(main.cli.main, words) == case.code
    folder = tmp_path / "layouts/legacy/host/file"
    text = (folder / "layout.toml").read_text("utf-8")
    for before, after in case.edits:
        assert before in text
        text = text.replace(before, after, 1)
    if case.book.startswith("test5d"):  # the length before a record is a field there, and a prefix here
        text = text.replace("at = 5", "at = 1").replace("record_bytes = 68", "record_bytes = 64")
        for path in folder.glob("*.csv"):
            without_prefix(path)
    (folder / "layout.toml").write_text(text, "utf-8")
    return Catalog(tmp_path).layout("host/file")


def without_prefix(path):
    with path.open(encoding="utf-8", newline="") as file:
        names, *rows = list(csv.reader(file))
    at = names.index("start")
    rows = [[*r[:at], str(int(r[at]) - 4), *r[at + 1 :]] for r in rows if int(r[at]) > 4]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([names, *rows])


def figures(case, made, mended, asked):
    """The line of benchmarks/results/mainframes.csv, written if asked for."""
    lines = {}
    if FIGURES.exists():
        with FIGURES.open(encoding="utf-8", newline="") as file:
            lines = {(r["file"], r["judge"]): r for r in csv.DictReader(file)}
    key = (case.data, case.judge)
    mine = {k: str(v) for k, v in {"file": key[0], "judge": key[1], **made.row, "equal_with_blanks": mended.equal}.items()}
    if asked:
        lines[key] = mine
        with FIGURES.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines[k] for k in sorted(lines))
    assert lines.get(key) == mine


def numbered(case, found, said):
    """Our records and what the judge says of them, by number."""
    for one in said:
        if "record_length" in one:
            assert one.pop("record_length") == found[one["record_id"] + 1].size
    if not case.sorted:
        return found, {(s["record_id"] + 1 if "record_id" in s else i): s for i, s in enumerate(said, 1)}
    ours = sorted(found.values(), key=lambda r: tuple(r.values[k] for k in case.sorted))
    theirs = sorted(said, key=lambda s: tuple(s[k] for k in case.sorted))
    return dict(enumerate(ours)), dict(enumerate(theirs))


@pytest.mark.parametrize("name", CASES)
def test_every_value_is_the_judges_or_has_a_reason(name, realdata, tmp_path, request):
    case = CASES[name]
    made = imported(realdata, tmp_path, case)
    folder = realdata / "cobrix_ebcdic"
    results = []
    for layout in both(made):
        said = [mainframes.flat(s) for s in mainframes.judged(folder / case.judge)]
        found, theirs = numbered(case, mainframes.records(layout, folder / case.data), said)
        results.append(mainframes.compare(made, found, theirs, lambda n: n + case.within, cells=layout is made))
    held(name, case, results, request)


def both(made):
    """The layout as it is imported, and with what a person adds who knows that 00 fills texts."""
    return made, made.model_copy(update={"low_values": "blank"})


def held(name, case, results, request):
    """With low values refused, and with those that fill a text taken for blanks."""
    compared, mended = results
    assert (compared.wrong, mended.wrong) == ([], [])
    assert dict(compared.reasons) == DIFFERS[name]
    assert mended.reasons == compared.reasons - Counter({LOW: compared.reasons[LOW]})
    figures(case, compared, mended, request.config.getoption("--update-golden"))


COUNTS = {"test1": 10, "test3": 1000, "test4": 1000, "test5": 1000, "test6": 100, "test13a": 50, "test13b": 20,
          "test17": 951, "test24": 100}  # fmt: skip


@pytest.mark.parametrize("name", COUNTS)
def test_every_record_is_read_whatever_the_batches(name, realdata, tmp_path):
    made = imported(realdata, tmp_path, CASES[name])
    source = realdata / "cobrix_ebcdic" / CASES[name].data
    found = mainframes.records(made, source, 1000)
    assert list(found) == list(range(1, COUNTS[name] + 1))
    assert found == mainframes.records(made, source, 7)


def test_the_order_of_the_bytes_of_a_length_changes_nothing_else(realdata, tmp_path):
    high, low = (
        mainframes.records(imported(realdata, tmp_path / n, CASES[n]), realdata / "cobrix_ebcdic" / CASES[n].data)
        for n in ("test5", "test5b")
    )
    assert (high == low, len(low)) == (True, 1000)


FAMILIES = {
    "test17c": (CASES["test17"], "test17_expected/test17c.txt",
                {k.upper(): k for k in ("dept", "employee", "office", "customer", "contact", "contract")}, 951),
    "test17d": (CASES["test4"], "test17_expected/test17d.txt", {"CONTACTS": "contact"}, 195),
    "test17f": (CASES["test4"], "test17_expected/test17f.txt", {"CONTACTS": "contact"}, 195),
}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_every_value_of_families_of_records_is_the_judges_or_has_a_reason(name, realdata, tmp_path, request):
    case, judge, kinds, count = FAMILIES[name]
    made = imported(realdata, tmp_path, case)
    folder = realdata / "cobrix_ebcdic"
    results = []
    for layout in both(made):
        found = mainframes.records(layout, folder / case.data)
        theirs = mainframes.nested(mainframes.judged(folder / judge), found, kinds)
        results.append(mainframes.compare(made, found, theirs, partly=True, cells=layout is made))
        assert len(theirs) == count
    held(name, replace(case, judge=judge), results, request)


def test_packed_numbers_are_what_jrecord_says(realdata, tmp_path, request):
    case = Case("jrecord_ebcdic/DTAR020.cbl", "jrecord_ebcdic/DTAR020.bin", "jrecord_ebcdic/DTAR020.csv", HOST)
    made = imported(realdata, tmp_path, case)
    found = mainframes.records(made, realdata / case.data)
    with (realdata / case.judge).open(newline="") as file:
        _, *rows = list(csv.reader(file, delimiter="\t"))
    said = {n: dict(zip(made.records[0].read, row, strict=True)) for n, row in enumerate(rows, 1)}
    compared = mainframes.compare(made, found, said)
    assert (compared.wrong, compared.reasons.total(), len(found), compared.equal) == ([], 0, 379, 379 * 6)
    figures(case, compared, compared, request.config.getoption("--update-golden"))
