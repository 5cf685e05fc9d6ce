"""What a standard column promises of its values, one by one."""

from __future__ import annotations

import gc
import weakref
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.catalog.notices import notices
from migrate.check import Checker
from migrate.check.look import usual
from migrate.check.scans import Listed
from migrate.check.schema import Rule, doubts, promises_of, refused, rules_of, schema_of
from migrate.check.values import DIGITS, VALUES
from migrate.errors import KnowledgeError
from migrate.frames import ISSUES, OFFSET, RECORD, Batch, no_issues
from migrate.model import CodeList, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandera.api.polars.types import PolarsData

HERE = Path(__file__)

settings.register_profile("migrate", deadline=None, max_examples=50)
settings.load_profile("migrate")

# ---- check digits ----

GOOD = {
    "jumin_code": ["24727059608", "24846016224", "25208017643", "82462819486", "57491186250",
                   "92815901390"],
    "corporate_no": ["4011001098993", "7123456789012", "2120901007402", "7000012050002"],
    "city_code": ["131016", "352152", "352071", "352101", "352128", "355020", "011011", "352021",
                  "082040", "472018", "401307"],
    "atena_no": ["1759898342", "0604431980", "4273167230", "121547280385286", "000001759898342"],
    "insurer_no": ["33120015", "39131156", "138057"],
    "elderly_no": ["33120015", "39131156"],
}  # fmt: skip
"""Published or invented samples."""

BAD = {
    "my_number": ["983205673210", "123456789010", "98320567321", "9832056732100"],
    "jumin_code": ["25208017644", "2520801764", "2520801764300"],
    "corporate_no": ["5011001098993", "8123456789012", "2583567825624", "T7000012050002",
                     "011001098993"],
    "city_code": ["999999", "999998", "13101", "0131016"],
    "atena_no": ["1759898343", "0000001759898342"],
    "insurer_no": ["33120016", "0138057", "3312001", "138058"],
    "elderly_no": ["138057", "33120016"],
}  # fmt: skip

ELEVEN = ["98320567321", "37947448445", "45497236486", "50795710072", "52601815908", "30166131860",
          "91390996030", "12345678901", "00000000000"]  # fmt: skip
"""個人番号 without their check digits: a whole one is made in the test and stands nowhere."""

UNTIDY = ["", " ", "abc", "１２３", "٤٢", "²"]
"""Never a number."""

SPOILT = [" {}", "{} ", "+{}", "-{}", "{}.0", "{}\n", "0x{}", "{}_", "０{}"]
"""A good number with something that does not belong there."""


def weighted(digits: str, weights: list[int]) -> int:
    """The sum of digits times weights, both from the right."""
    return sum(int(d) * w for d, w in zip(reversed(digits), weights, strict=False))


def m11(digits: str) -> int:
    """Modulus 11, weights 2 to 7 from the right."""
    remainder = weighted(digits, [2, 3, 4, 5, 6, 7] * 3) % 11
    return 0 if remainder <= 1 else 11 - remainder


def m10(digits: str) -> int:
    """M10W21: a product of two digits counts as their sum."""
    products = (int(d) * w for d, w in zip(reversed(digits), [2, 1] * 4, strict=False))
    return -sum(p // 10 + p % 10 for p in products) % 10


FORMULAS = {
    # check: lengths, whether the check digit is right
    "my_number": ((12,), lambda v: m11(v[:-1]) == int(v[-1])),
    "jumin_code": ((11,), lambda v: m11(v[:-1]) == int(v[-1])),
    "atena_no": (range(1, 16), lambda v: m11(v[:-1]) == int(v[-1])),
    "city_code": ((6,), lambda v: (11 - weighted(v[:-1], [2, 3, 4, 5, 6]) % 11) % 10 == int(v[-1])),
    "corporate_no": ((13,), lambda v: 9 - weighted(v[1:], [1, 2] * 6) % 9 == int(v[0])),
    "insurer_no": ((6, 8), lambda v: m10(v[:-1]) == int(v[-1])),
    "elderly_no": ((8,), lambda v: m10(v[:-1]) == int(v[-1])),
}


def is_good(check: str, value: str) -> bool:
    """The published formulas again, slowly."""
    lengths, right = FORMULAS[check]
    return value.isascii() and value.isdigit() and len(value) in lengths and right(value)


def judged(check: str, values: list[str]) -> list[bool]:
    frame = pl.DataFrame({"v": values}, schema={"v": pl.String})
    return frame.select(VALUES[check](pl.col("v")))["v"].to_list()


@pytest.mark.parametrize(("check", "value"), [(c, v) for c, values in GOOD.items() for v in values])
def test_a_published_number_is_good(check: str, value: str) -> None:
    assert judged(check, [value]) == [True]


@pytest.mark.parametrize(("check", "value"), [(c, v) for c, values in BAD.items() for v in values])
def test_a_number_with_a_wrong_digit_or_length_is_bad(check: str, value: str) -> None:
    assert judged(check, [value]) == [False]


@pytest.mark.parametrize("eleven", ELEVEN)
def test_of_ten_last_digits_one_makes_an_individual_number(eleven: str) -> None:
    found = judged("my_number", [f"{eleven}{digit}" for digit in range(10)])
    assert found == [digit == m11(eleven) for digit in range(10)]


@pytest.mark.parametrize("check", sorted(VALUES))
def test_what_is_not_digits_is_bad(check: str) -> None:
    digits = GOOD[check][0] if check in GOOD else ELEVEN[0] + str(m11(ELEVEN[0]))
    spoilt = [form.format(digits) for form in SPOILT]
    spoilt += [form.format(digits[:-1]) for form in SPOILT]  # of the right length
    spoilt += [form.format(digits[1:]) for form in SPOILT]
    values = [v for v in [*UNTIDY, *spoilt] if not is_good(check, v)]
    assert judged(check, [digits]) == [True]
    assert [v for v, good in zip(values, judged(check, values), strict=True) if good] == []
    assert len(values) >= len(UNTIDY) + len(SPOILT)


@given(st.lists(st.text("0123456789", min_size=1, max_size=16), min_size=1, max_size=50))
def test_every_check_agrees_with_its_published_formula(numbers: list[str]) -> None:
    lengthened = [
        *numbers,
        *(n.zfill(length)[-length:] for n in numbers for length in (6, 8, 11, 12, 13)),
    ]
    for check in FORMULAS:
        assert judged(check, lengthened) == [is_good(check, n) for n in lengthened]


@pytest.mark.parametrize("check", sorted(VALUES))
def test_every_check_has_its_line_among_the_notices(check: str) -> None:
    assert notices()[check].severity == ("alert" if check == "atena_no" else "error")


# ---- one column, one value ----

LISTS = {
    "K01": CodeList(id="K01", title="", kind="list", path=HERE, labels={"1": "a", "10": "b"}),
    "K02": CodeList(id="K02", title="", kind="open_list", path=HERE, labels={"1": "a"}),
    "K03": CodeList(id="K03", title="", kind="municipal", path=HERE),
}  # fmt: skip


def column(name: str = "x", kind: str = "X", length: str = "10", **more: str) -> Column:
    return Column(name=name, label="", type=kind, length=length, source="G", **more)


def table(*columns: Column) -> Table:
    return Table(id="9001", name="t", title="", area="90_t", path=HERE, columns=columns)


def frame(found: Table, rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = {c.name: c.dtype for c in found.columns}
    numbered = [{RECORD: i, OFFSET: 40 * (i - 1), **row} for i, row in enumerate(rows, 1)]
    return pl.DataFrame(numbered, schema={RECORD: pl.UInt64, OFFSET: pl.UInt64, **schema})


def codes_of(found: Column, value: object) -> list[str]:
    """The codes of the issues that one value makes in one column."""
    judge = Checker(table(found), LISTS)
    issues = judge.judge(frame(judge.table, [{found.name: value}]))
    assert set(issues["item"]) <= {found.name}
    return issues["code"].to_list()


TSUJI = "辻\U000e0103"
X5, N3, N3G = (
    column(length="5"),
    column(kind="N", length="3"),
    column(kind="N", length="3", gaiji="yes"),
)

CHARACTERS = [
    # column, value, codes
    (X5, "ABCDE", []),
    (X5, "ｱﾞ~ !", []),
    (X5, "ABCDEF", ["too_long"]),
    (X5, "山", ["not_x"]),
    (X5, "Ａ", ["not_x"]),
    (X5, "A\t", ["not_x"]),
    (X5, "A\x7f", ["not_x"]),
    (X5, "A\n", ["not_x"]),
    (X5, "\u3000", ["not_x"]),
    (X5, "é", ["not_x"]),
    (X5, "¥", ["not_x"]),
    (X5, "\ue000", ["not_x"]),
    (X5, "山田太郎ABC", ["not_x", "too_long"]),
    (N3, "山田　", []),
    (N3, "①－Ａ", []),
    (N3, "髙﨑彅", []),
    (N3, "𠮷𠮷𠮷", []),  # a surrogate pair is one character
    (N3, "𠮷𠮷𠮷𠮷", ["too_long"]),
    (N3, "山田太郎", ["too_long"]),
    (N3, "A", ["not_n"]),
    (N3, "ｱ", ["not_n"]),
    (N3, "｡", ["not_n"]),
    (N3, "山 田", ["not_n"]),
    (N3, "山\n", ["not_n"]),
    (N3, "山\x85", ["not_n"]),
    (N3, "山田A太", ["not_n", "too_long"]),
    (N3, TSUJI, ["gaiji_not_allowed"]),
    (N3, "辻\ufe00", ["gaiji_not_allowed"]),
    (N3, "\ue000", ["gaiji_not_allowed"]),
    (N3, "\uf8ff", ["gaiji_not_allowed"]),
    (N3, "\U000f0000", ["gaiji_not_allowed"]),
    (N3, "\U0010fffd", ["gaiji_not_allowed"]),
    (N3, "\ue000山田太", ["gaiji_not_allowed", "too_long"]),
    (N3G, "山田　", []),
    (N3G, TSUJI, []),
    (N3G, TSUJI * 3, []),  # a variation sequence is one character
    (N3G, TSUJI * 4, ["too_long"]),
    (N3G, "辻\ufe00" * 3, []),
    (N3G, "𠮷" + TSUJI + "\ue000", ["unregistered_gaiji"]),
    (N3G, "\ue000", ["unregistered_gaiji"]),
    (N3G, "\U000f0000", ["unregistered_gaiji"]),
    (N3G, "\ue000" * 4, ["too_long", "unregistered_gaiji"]),
    (N3G, "\ue000A", ["not_n", "unregistered_gaiji"]),
    (column(kind="BLOB", length="5"), "a.png", []),
    (column(kind="BLOB", length="5"), "ab.png", ["too_long"]),
    (column(kind="BLOB", length="5"), "ｱ", ["not_blob"]),
    (column(length="2", codes="K01"), "10", []),
    (column(length="2", codes="K01"), "3", ["not_in_code_list"]),
    (column(length="2", codes="K01"), "01", ["not_in_code_list"]),
    (column(length="2", codes="K01"), "１", ["not_in_code_list"]),
    (column(length="2", codes="K01"), "1 ", ["not_in_code_list"]),
    (column(length="2", codes="K01"), "100", ["not_in_code_list"]),
    (column(length="2", codes="K02"), "9", []),
    (column(length="2", codes="K02"), "999", ["too_long"]),
    (column(length="2", codes="K02"), "９", ["not_x"]),
    (column(length="2", codes="K03"), "99", []),
    (column(length="2", codes="K03"), "999", ["too_long"]),
    (column(length="6", check="city_code"), "131016", []),
    (column(length="6", check="city_code"), "131017", ["city_code"]),
    (column(length="15", check="atena_no"), "1759898343", ["atena_no"]),
    (column(length="5", check="city_code"), "131016", ["too_long"]),
    (column(length="5", check="city_code"), "131017", ["city_code", "too_long"]),
]

ANY, SURE = column(kind="DATE", unknown_date="yes"), column(kind="DATE")
NEVER, NOT_SURE = ["not_date"], ["unknown_date_not_allowed"]

DAYS = [
    # value, codes where unknown dates are allowed, codes where not
    ("1945-08-15", [], []),
    ("2024-02-29", [], []),
    ("9999-12-31", [], []),
    ("0000-01-01", [], []),
    ("1945-00-00", [], NOT_SURE),
    ("1945-08-00", [], NOT_SURE),
    ("1945-00-15", [], NOT_SURE),
    ("0000-00-00", [], NOT_SURE),
    ("0000-08-15", [], NOT_SURE),
    ("0000-02-29", [], NOT_SURE),
    *((f"1945-{season}{part}-00", [], NOT_SURE) for season in "ABCD" for part in "1234"),
    *((f"1945-03-{day}", [], NOT_SURE) for day in ("A1", "A2", "A3")),
    ("1945-A1-A3", [], NOT_SURE),
    ("2023-02-29", NEVER, NEVER),
    ("1900-02-29", NEVER, NEVER),
    ("0000-02-30", NEVER, NEVER),
    ("1945-04-31", NEVER, NEVER),
    ("1945-13-01", NEVER, NEVER),
    ("1945-13-00", NEVER, NEVER),
    ("1945-00-32", NEVER, NEVER),
    ("1945-99-99", NEVER, NEVER),
    ("1945-A5-00", NEVER, NEVER),
    ("1945-E1-00", NEVER, NEVER),
    ("1945-a1-00", NEVER, NEVER),
    ("1945-03-A4", NEVER, NEVER),
    ("1945-03-B1", NEVER, NEVER),
    ("19450815", NEVER, NEVER),
    ("1945-8-15", NEVER, NEVER),
    ("1945/08/15", NEVER, NEVER),
    ("1945-08-15 ", NEVER, NEVER),
    ("1945-08-15\n", NEVER, NEVER),
    (" 1945-8-15", NEVER, NEVER),
    ("1945-08- 5", NEVER, NEVER),
    ("1945- 8-15", NEVER, NEVER),
    (" 945-08-15", NEVER, NEVER),
    ("+945-08-15", NEVER, NEVER),
    ("-945-08-15", NEVER, NEVER),
    ("1945-8-015", NEVER, NEVER),
    ("45-08-0015", NEVER, NEVER),
    ("１９４５-08-15", NEVER, NEVER),
    ("昭和20", NEVER, NEVER),
]  # fmt: skip

TIMES = [
    ("TIME", "8", {"00:00:00": [], "23:59:59": []}, "not_time",
     ["24:00:00", "23:60:00", "23:59:60", "9:00:00", "090000", "09:00", "09:00:00 ", "09:00:00\n",
      "０９:00:00"]),
    ("YEAR", "4", {"1945": [], "0000": [], "9999": []}, "not_year",
     ["45", "19450", "昭和20", "+945", " 945", "１９４５", "1945\n"]),
    ("YM", "7", {"1945-08": [], "1945-00": [], "0000-00": [], "1945-12": []}, "not_ym",
     ["1945-13", "194508", "1945-8", "1945-A1", "1945/08", "1945-08-01", "1945-08\n"]),
]  # fmt: skip

NUMBERS = [
    # type, length, value, codes
    ("9", "3", 0, []),
    ("9", "3", 999, []),
    ("9", "3", 1000, ["out_of_range"]),
    ("9", "3", -1, ["out_of_range"]),
    ("9", "18", 10**18 - 1, []),
    ("9", "18", 10**18, ["out_of_range"]),
    ("S9", "3", 999, []),
    ("S9", "3", -999, []),
    ("S9", "3", 1000, ["out_of_range"]),
    ("S9", "3", -1000, ["out_of_range"]),
    ("S9", "18", 1 - 10**18, []),
    ("S9", "18", -(10**18), ["out_of_range"]),
    ("9V", "3,2", Decimal("999.99"), []),
    ("9V", "3,2", Decimal("0.00"), []),
    ("9V", "3,2", Decimal("-0.01"), ["out_of_range"]),
]


@pytest.mark.parametrize(("found", "value", "codes"), CHARACTERS)
def test_characters_lengths_codes_and_gaiji(found: Column, value: str, codes: list[str]) -> None:
    assert codes_of(found, value) == codes


@pytest.mark.parametrize(("value", "allowed", "not_allowed"), DAYS)
def test_a_date_is_a_day_or_says_what_of_it_is_unknown(
    value: str, allowed: list[str], not_allowed: list[str]
) -> None:
    assert codes_of(ANY, value) == allowed
    assert codes_of(SURE, value) == not_allowed


def test_every_real_day_is_a_date() -> None:
    days = [date(1868, 1, 1) + timedelta(n) for n in range(70_000)]
    checker = Checker(table(SURE), {})
    assert checker.judge(frame(checker.table, [{"x": day.isoformat()} for day in days])).is_empty()


@pytest.mark.parametrize(
    ("kind", "length", "value", "codes"),
    [
        (kind, length, value, codes)
        for kind, length, good, _, _ in TIMES
        for value, codes in good.items()
    ]
    + [(kind, length, value, [code]) for kind, length, _, code, bad in TIMES for value in bad],
)
def test_times_years_and_months(kind: str, length: str, value: str, codes: list[str]) -> None:
    assert codes_of(column(kind=kind, length=length), value) == codes


@pytest.mark.parametrize(("kind", "length", "value", "codes"), NUMBERS)
def test_numbers_keep_to_their_digits_and_sign(
    kind: str, length: str, value: object, codes: list[str]
) -> None:
    assert codes_of(column(kind=kind, length=length), value) == codes


@pytest.mark.parametrize("kind", ["X", "N", "9", "S9", "DATE", "TIME", "YEAR", "YM", "BLOB"])
@pytest.mark.parametrize(("required", "codes"), [("yes", ["missing"]), ("if", []), ("", [])])
def test_a_blank_is_judged_by_required_and_by_nothing_else(
    kind: str, required: str, codes: list[str]
) -> None:
    assert codes_of(column(kind=kind, required=required), None) == codes


def test_an_unknown_check_is_refused_before_a_row_is_read() -> None:
    with pytest.raises(KnowledgeError, match="city_code") as error:
        Checker(table(column(check="city_cod")), {})
    assert [p.place for p in error.value.problems] == ["x"]


# ---- the quick judgement and the whole one ----

WIDE = table(
    column("key", length="15", required="yes", key="yes", check="atena_no"),
    column("sex", length="1", codes="K01", required="yes"),
    column("open", length="2", codes="K02"),
    column("name", "N", "3", required="yes", gaiji="yes"),
    column("plain", "N", "3"),
    column("born", "DATE", "10", unknown_date="yes"),
    column("since", "DATE", "10", required="yes"),
    column("at", "TIME", "8"),
    column("year", "YEAR", "4"),
    column("month", "YM", "7"),
    column("count", "9", "3", required="yes"),
    column("balance", "S9", "3"),
    column("share", "9V", "3,2"),
    column("image", "BLOB", "5"),
    column("city", "X", "6", check="city_code"),
    column("person", "X", "12", check="my_number"),
    column("company", "X", "13", check="corporate_no"),
    column("resident", "X", "11", check="jumin_code"),
    column("insurer", "X", "8", check="insurer_no"),
    column("elderly", "X", "8", check="elderly_no"),
)
NASTY = [
    *(d for d, _, _ in DAYS), *(v for _, v, _ in CHARACTERS),
    *(v for values in BAD.values() for v in values),
    *(v for values in GOOD.values() for v in values),
    *(v for _, _, _, _, bad in TIMES for v in bad),
    *(v for _, _, good, _, _ in TIMES for v in good), *(s.format("131016") for s in SPOILT),
]  # fmt: skip
TEXT = st.one_of(
    st.none(), st.sampled_from(NASTY), st.text(max_size=6), st.text("0123456789-: +", max_size=13)
)
VALUES_OF = {
    "9": st.one_of(st.none(), st.integers(-1200, 1200)),
    "S9": st.one_of(st.none(), st.integers(-1200, 1200)),
    "9V": st.one_of(st.none(), st.decimals("-9.99", "999.99", places=2)),
}
PLAIN = {"key": "1759898342", "sex": "1", "name": "山田", "since": "1945-08-15", "count": 1}
"""A row of WIDE with nothing wrong in it."""
ANYTHING = {c.name: VALUES_OF.get(c.type, TEXT) for c in WIDE.columns}
ROWS = st.lists(
    st.one_of(
        st.fixed_dictionaries(ANYTHING),
        *(
            st.fixed_dictionaries({name: value}).map(PLAIN.__or__)
            for name, value in ANYTHING.items()
        ),
    ),
    max_size=6,
)


def wholly_judged(rows: pl.DataFrame) -> Iterator[tuple[int, str, str]]:
    """What a pandera schema with a check for each rule finds: record, column, code."""

    def check(rule: Rule) -> pa.Check:
        def good(data: PolarsData) -> pl.LazyFrame:
            value = pl.col(data.key)
            return data.lazyframe.select(value.is_null() | rule.good(value))

        return pa.Check(good, name=rule.code)

    columns = {
        c.name: pa.Column(
            c.dtype,
            [check(rule) for rule in rules_of(c, LISTS.get(c.codes))],
            nullable=c.required != "yes",
        )
        for c in WIDE.columns
    }
    schema = pa.DataFrameSchema(columns, strict=True)
    try:
        schema.validate(rows.select(*schema.columns), lazy=True)
    except pa.errors.SchemaErrors as found:
        for name, check, index in found.failure_cases.select("column", "check", "index").rows():
            yield int(index) + 1, name, {"not_nullable": "missing"}.get(check, check)


@given(ROWS)
@settings(max_examples=30)
def test_the_quick_judgement_finds_just_what_the_whole_schema_finds(
    rows: list[dict[str, object]],
) -> None:
    made = frame(WIDE, rows)
    issues = Checker(WIDE, LISTS).judge(made)
    assert sorted(issues.select("record", "item", "code").rows()) == sorted(wholly_judged(made))
    assert issues.schema == ISSUES
    assert issues["byte"].to_list() == [40 * (record - 1) for record in issues["record"]]
    for issue in issues.rows(named=True):
        value = rows[issue["record"] - 1].get(issue["item"])
        assert issue["value"] == (None if value is None else str(value))
        assert issue["severity"] == notices()[issue["code"]].severity


@pytest.mark.parametrize("name", [c.name for c in WIDE.columns if c.dtype == pl.String])
def test_the_quick_judgement_doubts_every_nasty_value_in_a_row_without_another(name: str) -> None:
    made = frame(WIDE, [{**PLAIN, name: value} for value in NASTY])
    issues = Checker(WIDE, LISTS).judge(made)
    wanted = sorted(wholly_judged(made))
    assert sorted(issues.select("record", "item", "code").rows()) == wanted
    assert {item for _, item, _ in wanted} == {name}


# ---- rows kept, rows refused, and what is said of them ----

PEOPLE = table(
    column("city_code", length="6", required="yes", key="yes"),
    column("tax_year", "9", "4", required="yes", key="yes"),
    column("person_no", length="15", required="yes", key="yes", check="atena_no", sensitive="yes"),
    column("name", "N", "3", required="yes", gaiji="yes", sensitive="yes"),
    column("sex", length="1", codes="K01"),
)
SOUND = {
    "city_code": "482013",
    "tax_year": 2026,
    "person_no": "1759898342",
    "name": "山田",
    "sex": "1",
}


def checked(*rows: dict[str, object]) -> Batch:
    checker = Checker(PEOPLE, LISTS)
    try:
        return checker.check(Batch(frame(PEOPLE, [{**SOUND, **row} for row in rows]), no_issues()))
    finally:
        checker.keys.close()


KEPT = [
    # what differs from a sound row, kept, issues: item, code, severity, value
    ({}, True, []),
    ({"sex": None}, True, []),
    ({"sex": "3"}, False, [("sex", "not_in_code_list", "error", "3")]),
    ({"name": None}, False, [("name", "missing", "error", None)]),
    ({"name": "山田太郎"}, False, [("name", "too_long", "error", "(4 characters)")]),
    ({"name": "山\ue000"}, True, [("name", "unregistered_gaiji", "alert", "(2 characters)")]),
    ({"person_no": "1759898343"}, True, [("person_no", "atena_no", "alert", "(10 characters)")]),
    ({"person_no": "1759898343", "sex": "3"}, False,
     [("person_no", "atena_no", "alert", "(10 characters)"),
      ("sex", "not_in_code_list", "error", "3")]),
]  # fmt: skip


@pytest.mark.parametrize(("differs", "kept", "issues"), KEPT)
def test_an_error_refuses_the_row_and_an_alert_lets_it_pass(
    differs: dict[str, object], kept: bool, issues: list[tuple[str, str, str, str]]
) -> None:
    made = checked(differs)
    assert made.rows.height == kept
    assert made.issues.select("item", "code", "severity", "value").rows() == issues


def test_a_row_that_was_refused_before_is_not_kept() -> None:
    checker = Checker(PEOPLE, LISTS)
    before = pl.DataFrame([(1, 0, "sex", "code", "error", "X")], schema=ISSUES, orient="row")
    made = checker.check(Batch(frame(PEOPLE, [SOUND, {**SOUND, "tax_year": 2025}]), before))
    checker.keys.close()
    assert made.rows[RECORD].to_list() == [2]
    assert made.issues.rows() == before.rows()


def test_the_second_row_of_a_key_is_refused_and_its_personal_part_is_not_shown() -> None:
    made = checked({}, {"name": "太郎"}, {"tax_year": 2025})
    assert made.rows[RECORD].to_list() == [1, 3]
    assert made.issues.select("record", "byte", "code", "severity").rows() == [
        (2, 40, "repeated_key", "error")
    ]
    assert "1759898342" not in made.issues["value"][0]


def test_a_refused_row_does_not_take_its_key_from_a_later_one() -> None:
    made = checked({"sex": "3"}, {})
    assert made.rows[RECORD].to_list() == [2]
    assert made.issues["code"].to_list() == ["not_in_code_list"]


def test_rows_that_pandera_refuses_are_forgotten_at_once() -> None:
    schema = schema_of(PEOPLE, promises_of(PEOPLE, LISTS))
    rows = frame(PEOPLE, [SOUND | {"sex": "3"}])
    gone = weakref.ref(rows)
    gc.disable()
    try:
        assert refused(schema, rows) is not None
        del rows
        assert gone() is None
    finally:
        gc.enable()


def test_pandera_refuses_what_is_not_of_the_tables_types_and_says_no_value() -> None:
    schema = schema_of(PEOPLE, promises_of(PEOPLE, LISTS))
    rows = frame(PEOPLE, [SOUND])
    assert refused(schema, rows) is None
    with pytest.raises(TypeError, match=r"t: .*WRONG_DATATYPE") as error:
        refused(schema, rows.with_columns(tax_year=pl.lit("SECRET")))
    assert "SECRET" not in str(error.value)
    assert error.value.__cause__ is error.value.__context__ is None



# ---- the scans ----

WIDE_TEXTS = [c for c in WIDE.columns if c.dtype == pl.String]
PIECES = st.lists(
    st.sampled_from([*"aｱ山　𠮷é\\n1-\x7f\x80\xa0", "\\n", "\ue000", "\uf8ff", "\ufe00", "\ufe0f", "\ufe10", TSUJI,
                     "\U000e0100", "\U000e01ef", "\U000e01f0", "\U000effff", "\U000f0000", "\U0010ffff", "\ud7ff",
                     "\uff60", "\uff61", "\uff9f", "\uffa0", "\u07ff", "\u0800", "ｱ" * 4, "山" * 4, "a" * 8]),
    max_size=12,
).map("".join)  # fmt: skip


def overlooked(found: Column, values: pl.Series) -> list[object]:
    """Values that break a rule unseen by its scan; and those without a value that are seen."""
    rules = list(rules_of(found, LISTS.get(found.codes)))
    doubted = doubts(values, rules)
    missed = []
    for rule in rules:
        bad = values.to_frame("v").select((~rule.good(pl.col("v"))).fill_null(value=False))
        which = doubted[rule.code]
        seen = pl.Series([False] * len(values), dtype=pl.Boolean) if which is None else pl.Series(which, dtype=pl.Boolean)
        missed += values.filter(bad.to_series() & ~seen).to_list()
        missed += values.filter(values.is_null() & seen).to_list()
    return missed


@pytest.mark.parametrize("found", WIDE_TEXTS, ids=lambda c: c.name)
@given(values=st.lists(st.one_of(TEXT, PIECES), max_size=9))
@settings(max_examples=25)
def test_a_scan_overlooks_no_bad_value(found: Column, values: list[str | None]) -> None:
    whole = pl.Series("v", values, dtype=pl.String)
    for series in (whole, whole[1:], whole[2:-1], pl.concat([whole, whole[:2]], rechunk=False)):
        assert overlooked(found, series) == []


@pytest.mark.parametrize("found", WIDE_TEXTS, ids=lambda c: c.name)
def test_a_scan_overlooks_no_nasty_value(found: Column) -> None:
    values = [*NASTY, None, "", *(text + "x" * n for text in ("", "山", "\ue000") for n in range(20))]
    for value in values:
        assert overlooked(found, pl.Series("v", [value], dtype=pl.String)) == []
    assert overlooked(found, pl.Series("v", values, dtype=pl.String)) == []


@pytest.mark.parametrize("kind", ["N", "X"])
def test_no_text_of_an_unusual_character_is_a_usual_one(kind: str) -> None:
    """Of all characters, one after another; and that the usual ones are most of those that a register has."""
    every = [chr(c) for c in (*range(0xD800), *range(0xE000, 0x10000), *range(0x10000, 0x110000, 0x101))]
    texts = pl.Series("v", [c * 5 for c in every])
    rules = list(rules_of(column(kind=kind, length="50"), None))
    good = texts.to_frame().select(pl.all_horizontal(r.good(pl.col("v")) for r in rules)).to_series()
    found = {t[0]: usual(np.frombuffer(t.encode(), np.uint8), kind == "N") for t in texts}
    assert not [hex(ord(c)) for c, g in zip(every, good, strict=True) if found[c] and not g]
    assert all(found[c] for c in ("山川　ーア１" if kind == "N" else "A0 ｱ｡ﾟ"))


def test_a_scan_of_usual_values_doubts_none() -> None:
    for kind, value in (("N", "山田　太郎"), ("N", "山" * 50), ("X", "A" * 50), ("DATE", "2024-02-29"), ("YM", "1945-00")):
        found = doubts(pl.Series([value, None]), rules_of(column(kind=kind, length="50"), None))
        assert set(found.values()) == {None}


def test_every_day_of_four_hundred_years_is_seen_as_one_or_as_none() -> None:
    days = [f"{y:04}-{m:02}-{d:02}" for y in range(1800, 2201) for m in range(14) for d in range(33)]
    values = pl.Series("v", days)
    seen = doubts(values, rules_of(SURE, None))["not_date"]
    real = values.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    assert (pl.Series(seen) == ~real).all()


@given(st.lists(st.text("0123456789", max_size=16), min_size=1, max_size=99))
def test_the_scan_of_a_check_digit_says_what_its_check_says(numbers: list[str]) -> None:
    values = pl.Series("v", [*numbers, *(n.zfill(k)[-k:] for n in numbers for k in (12, 13))])
    for check, value in VALUES.items():
        good = values.to_frame().select(value(pl.col("v"))).to_series()
        assert (DIGITS[check].scan(values).each == 0).tolist() == good.to_list()


@given(
    st.lists(st.text(max_size=4), unique=True, max_size=40),
    st.lists(st.one_of(st.none(), st.text(max_size=4))),
)
def test_a_listed_text_is_told_from_others(listed: list[str], others: list[str | None]) -> None:
    values = pl.Series("v", [*others, *listed, None, "", "a" * 13], dtype=pl.String)
    found = Listed(listed).scan(values)
    assert (found.each != 0).tolist() == [v is not None and v not in listed for v in values]
    assert found.all == found.each.max(initial=0)
    assert Listed([*listed, "a" * 13]).scan(values).each[-1] == 0
