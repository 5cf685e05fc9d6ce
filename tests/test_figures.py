"""What the bytes of a number mean, in every form that hosts and their ports write."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest
from hosts import fields, host, layout, read, record
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.model import Field
from migrate.read.decimals import decimal_text
from migrate.read.diagnose import convention_of
from migrate.read.encodings import ENCODINGS

# row of the acceptance table, type, form, scale, convention, bytes, value (None: blank; "!code": refused)
EBCDIC = [
    ("A088", "packed", "", "12 34 5C", 12345),
    ("A089", "packed", "", "12 34 5D", -12345),
    ("A090", "packed", "unsigned", "12 34 5F", 12345),
    ("A092", "packed", "", "00 00 0D", 0),
    ("A093", "packed", "", "40 40 40", "!not_packed"),
    ("A093", "packed", "", "20 20 20", "!not_packed"),
    ("A094", "packed", "", "00 00 00", "!not_packed"),
    ("A095", "packed", "", "12 3F 1A", "!not_packed"),
    ("", "packed", "", "12 34 5A", 12345),
    ("", "packed", "", "12 34 5E", 12345),
    ("", "packed", "", "12 34 5B", -12345),
    ("", "packed", "", "01 23 4C", 1234),
    ("", "packed", "", "12 A4 5C", "!not_packed"),
    ("", "packed", "unsigned", "12 34 5C", 12345),
    ("", "packed", "unsigned", "12 34 5D", "!not_packed"),
    ("", "packed", "", "99 99 99 99 99 99 99 99 9D", -(10**17 - 1)),
    ("", "packed", "", "09 99 99 99 99 99 99 99 99 9C", "999999999999999999"),
    ("", "packed", "", "12 34 56 78 90 12 34 56 78 9D", "-1234567890123456789"),
    ("", "packed", "", "00 00 00 00 00 00 00 00 00 0D", "0"),
    ("", "packed", "", "40 40 40 40 40 40 40 40 40 40", "!not_packed"),
    ("A096", "zoned", "", "F1 F2 F3 C4", 1234),
    ("A097", "zoned", "", "F1 F2 F3 D4", -1234),
    ("A098", "zoned", "", "F1 F2 F3 F4", 1234),
    ("A099", "zoned", "", "C1 F2 F3 F4", "!not_zoned"),
    ("A099", "zoned", "", "D1 F2 F3 C4", "!not_zoned"),
    ("S13", "zoned", "", "C1 C2 C3 C4 C5 40 40 40", "!not_zoned"),
    ("S14", "zoned", "", "40 40 40 40 40 40 40 40 40 40", None),
    ("", "zoned", "", "F1 A2", 12),
    ("", "zoned", "", "F1 E2", 12),
    ("", "zoned", "", "F1 B2", -12),
    ("", "zoned", "", "F0 D0", 0),
    ("", "zoned", "", "F1 FA", "!not_zoned"),
    ("", "zoned", "", "F1 92", "!not_zoned"),
    ("", "zoned", "", "31 32", "!not_zoned"),
    ("", "zoned", "", "00 00", "!control_character"),
    ("", "zoned", "", "40 F1", "!not_zoned"),
    ("", "zoned", "unsigned", "F1 F2", 12),
    ("", "zoned", "unsigned", "F1 C2", "!not_zoned"),
    ("", "zoned", "unsigned", "F1 D2", "!not_zoned"),
    ("", "zoned", "leading", "D1 F2 F3", -123),
    ("", "zoned", "leading", "C1 F2 F3", 123),
    ("", "zoned", "leading", "F1 F2 D3", "!not_zoned"),
    ("", "zoned", "leading", "D5", -5),
    ("", "zoned", "separate", "F1 F2 60", -12),
    ("", "zoned", "separate", "F1 F2 4E", 12),
    ("", "zoned", "separate", "F1 F2 F3", "!not_zoned"),
    ("", "zoned", "separate", "F1 F2 40", "!not_zoned"),
    ("", "zoned", "separate", "F1 C2 4E", "!not_zoned"),
    ("", "zoned", "separate", "40 40 40", None),
    ("", "zoned", "leading separate", "60 F1 F2", -12),
    ("", "zoned", "leading separate", "4E F1 F2", 12),
    ("", "zoned", "leading separate", "F1 F2 4E", "!not_zoned"),
    ("", "zoned", "separate", "F9 " * 18 + "60", -(10**18 - 1)),
    ("", "zoned", "", "F1 " * 19 + "D0", "-11111111111111111110"),
    ("", "zoned", "leading", "D0 " + "F1 " * 19, "-1111111111111111111"),
    ("", "zoned", "", "40 " * 20, None),
    ("", "zoned", "unsigned", "F1 " * 19 + "D0", "!not_zoned"),
    ("", "digits", "", "F0 F0 F7", "007"),
    ("", "digits", "", "00 00 00", "!control_character"),
    ("", "digits", "", "F0 C1 F7", "!not_digits"),
    ("A104", "binary", "", "00 01", 1),
    ("A104", "binary", "", "FF FF", -1),
    ("A105", "binary", "little", "01 00", 1),
    ("", "binary", "little", "FE FF FF FF", -2),
    ("", "binary", "unsigned", "FF FF", 65535),
    ("", "binary", "little unsigned", "FF 00 FF", 0xFF00FF),
    ("", "binary", "", "80 00 00 00 00 00 00 00", -(2**63)),
    ("", "binary", "unsigned", "7F FF FF FF FF FF FF FF", 2**63 - 1),
    ("", "binary", "unsigned", "80 00 00 00 00 00 00 00", "!not_binary"),
    ("", "binary", "little unsigned", "00 00 00 00 00 00 00 80", "!not_binary"),
    ("", "binary", "", "FF " * 9, "-1"),
    ("", "binary", "unsigned", "01 " + "00 " * 8, "18446744073709551616"),
    ("", "binary", "little unsigned", "40 " * 9, "1185221391779048210496"),
    ("", "float", "", "3F 80 00 00", "1"),
    ("", "float", "", "3D CC CC CD", "0.1"),
    ("", "float", "little", "CD CC CC 3D", "0.1"),
    ("", "float", "", "80 00 00 00", "0"),
    ("", "float", "", "7F C0 00 00", "!not_float"),
    ("", "float", "", "C0 5E DD 2F 1A 9F BE 77", "-123.456"),
    ("", "float", "ibm", "C2 76 A0 00", "-118.625"),
    ("", "float", "ibm", "40 19 99 9A", "0.1"),
    ("", "float", "ibm", "41 10 00 00 00 00 00 00", "1"),
    ("", "float", "ibm", "00 00 00 00", "0"),
]  # fmt: skip
OTHERS = [
    ("A100", "ascii", "", "31 32 33 74", -1234),
    ("A100", "ascii", "", "31 32 33 34", 1234),
    ("", "ascii", "", "31 32 33 7A", "!not_zoned"),
    ("", "ascii", "", "31 32 33 4D", "!not_zoned"),
    ("", "ascii", "unsigned", "31 32 33 74", "!not_zoned"),
    ("", "ascii", "leading", "71 32", -12),
    ("A101", "", "", "31 32 33 4D", -1234),
    ("A102", "translated", "", "31 32 33 7B", 1230),
    ("A103", "translated", "", "31 32 33 7D", -1230),
    ("A100", "translated", "", "31 32 33 74", "!not_zoned"),
    ("", "translated", "unsigned", "31 32 33 44", "!not_zoned"),
    ("", "translated", "leading", "4D 32", -42),
    ("", "translated", "leading", "7D 32", -2),
    ("", "translated", "separate", "31 32 2D", -12),
    ("", "translated", "leading separate", "2B 31 32", 12),
    ("", "translated", "separate", "31 32 60", "!not_zoned"),
]  # fmt: skip
EDITED = [
    ("-1,234.50", 0, "-1234.50"),
    ("+00000012", 0, "12"),
    ("12-", 0, "-12"),
    ("12CR", 0, "-12"),
    ("12DB", 0, "-12"),
    ("  12  ", 0, "12"),
    ("-   5", 0, "-5"),
    ("***1,234", 0, "1234"),
    (".50", 0, "0.50"),
    ("-0.00", 0, "0.00"),
    ("1250-", 2, "-12.50"),
    ("12", -3, "12000"),
    ("      ", 0, None),
    ("1,23", 0, "!not_edited"),
    ("1 2", 0, "!not_edited"),
    ("-1-", 0, "!not_edited"),
    ("-", 0, "!not_edited"),
    ("1.5.", 0, "!not_edited"),
    ("1.5", 2, "!not_edited"),
    ("12AB", 0, "!not_edited"),
]


def meaning(path, line, data, **more):
    made = layout(path, record(path, "r", line), **more)
    found = read(path, data, made)
    [(_, value)] = found.rows["r"]
    if found.issues:
        [(_, byte, _, code)] = found.issues
        assert value is None
        assert 0 <= byte < len(data)
        return f"!{code}"
    return value


@pytest.mark.parametrize(("row", "kind", "form", "data", "value"), EBCDIC)
def test_numbers_of_a_host_mean_what_the_rows_say(tmp_path, row, kind, form, data, value):
    cell = bytes.fromhex(data)
    found = meaning(tmp_path, f"x,X,1,{len(cell)},{kind},,{form}", cell)
    assert found == value, row
    assert type(found) is type(value)


@pytest.mark.parametrize(("row", "zoned", "form", "data", "value"), OTHERS)
def test_a_sign_over_a_digit_is_read_as_the_layout_says(tmp_path, row, zoned, form, data, value):
    cell = bytes.fromhex(data)
    found = meaning(tmp_path, f"x,X,1,{len(cell)},zoned,,{form}", cell, encoding="cp932", zoned=zoned)
    assert found == value, row


@pytest.mark.parametrize(("text", "scale", "value"), EDITED)
@pytest.mark.parametrize("encoding", ["ibm037", "cp932"])
def test_an_edited_number_becomes_the_decimal_that_it_says(tmp_path, text, scale, value, encoding):
    cell = host(text) if encoding == "ibm037" else text.encode()
    assert meaning(tmp_path, f"x,X,1,{len(cell)},edited,{scale}", cell, encoding=encoding) == value


@pytest.mark.parametrize(("scale", "data", "value"), [
    (2, "12 34 56 78 90 12 34 56 78 9D", "-12345678901234567.89"),
    (-2, "12 34 56 78 90 12 34 56 78 9C", "123456789012345678900"),
    (18, "00 00 00 00 00 00 00 00 01 2C", "0.000000000000000012"),
])  # fmt: skip
def test_a_long_number_has_its_point_in_the_text(tmp_path, scale, data, value):
    assert meaning(tmp_path, f"x,X,1,10,packed,{scale}", bytes.fromhex(data)) == value


# ---- against a slow writer ----

SIGNS = {
    "ebcdic": ("\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9", "\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9", 0xF0),
    "translated": ("{ABCDEFGHI", "}JKLMNOPQR", 0x30),
    "ascii": ("0123456789", "pqrstuvwxy", 0x30),
}


def written(number: int, digits: int, convention: str, form: str) -> bytes:
    """A zoned number as a host, or a port of its programs, writes it."""
    plus, minus, zero = SIGNS[convention]
    plain = bytes(zero + int(d) for d in f"{abs(number):0{digits}}")
    if "separate" in form:
        sign = {True: b"\x60", False: b"\x4e"} if zero == 0xF0 else {True: b"-", False: b"+"}
        return sign[number < 0] + plain if "leading" in form else plain + sign[number < 0]
    if "unsigned" in form:
        return plain
    at = 0 if "leading" in form else digits - 1
    over = (minus if number < 0 else plus)[plain[at] - zero].encode("latin-1")
    return plain[:at] + over + plain[at + 1 :]


FORMS = ["", "leading", "separate", "leading separate", "unsigned"]


@given(
    numbers=st.lists(st.integers(-(10**24) + 1, 10**24 - 1), min_size=1, max_size=30),
    digits=st.integers(1, 24),
    form=st.sampled_from(FORMS),
    convention=st.sampled_from(sorted(SIGNS)),
)
@settings(max_examples=60, deadline=None)
def test_every_zoned_number_that_is_written_is_read_again(tmp_path_factory, numbers, digits, form, convention):
    path = tmp_path_factory.mktemp("zoned")
    kept = [(abs(n) if form == "unsigned" else n) % 10**digits * (-1 if n < 0 and form != "unsigned" else 1) for n in numbers]
    size = digits + ("separate" in form)
    made = layout(path, record(path, "r", f"x,X,1,{size},zoned,,{form}"), zoned=convention,
                  encoding="ibm037" if convention == "ebcdic" else "cp932")  # fmt: skip
    found = read(path, b"".join(written(n, digits, convention, form) for n in kept), made)
    assert found.issues == []
    assert [value for _, value in found.rows["r"]] == [n if digits <= 18 else str(n) for n in kept]


@given(numbers=st.lists(st.integers(-(10**37) + 1, 10**37 - 1), min_size=1, max_size=30), size=st.integers(1, 19))
@settings(max_examples=60, deadline=None)
def test_every_packed_number_that_is_written_is_read_again(tmp_path_factory, numbers, size):
    path = tmp_path_factory.mktemp("packed")
    digits = 2 * size - 1
    kept = [abs(n) % 10**digits * (-1 if n < 0 else 1) for n in numbers]
    made = layout(path, record(path, "r", f"x,X,1,{size},packed"))
    data = b"".join(bytes.fromhex(f"{abs(n):0{digits}}{'D' if n < 0 else 'C'}") for n in kept)
    found = read(path, data, made)
    assert found.issues == []
    assert [value for _, value in found.rows["r"]] == [n if digits <= 18 else str(n) for n in kept]


@given(
    data=st.binary(min_size=16, max_size=160),
    size=st.integers(1, 8),
    order=st.sampled_from(["", "little"]),
    sign=st.sampled_from(["", "unsigned"]),
)
@settings(max_examples=60, deadline=None)
def test_every_binary_number_is_what_python_makes_of_it(tmp_path_factory, data, size, order, sign):
    path = tmp_path_factory.mktemp("binary")
    data = data[: len(data) // size * size]
    made = layout(path, record(path, "r", f"x,X,1,{size},binary,,{order} {sign}"))
    found = read(path, data, made)
    wanted = [
        int.from_bytes(data[i : i + size], "little" if order else "big", signed=not sign)
        for i in range(0, len(data), size)
    ]
    assert [v for _, v in found.rows["r"]] == [n if n < 2**63 else None for n in wanted]
    assert len(found.issues) == sum(n >= 2**63 for n in wanted)


def a_float(bytes_, form=""):
    return Field(name="x", label="", type="float", bytes=bytes_, form=form)


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["", "little"]))
@settings(deadline=None)
def test_the_text_of_a_float_is_the_float_again(number, order):
    cell = struct.pack("<d" if order else ">d", number)
    text = decimal_text(cell, a_float(8, order), "ebcdic", ENCODINGS["ibm037"]("jis"))
    assert float(text) == number


@given(st.integers(0, 2**24 - 1), st.integers(0, 127), st.booleans())
@settings(deadline=None)
def test_the_text_of_a_hexadecimal_float_is_nearer_to_it_than_to_any_other(mantissa, exponent, negative):
    cell = bytes([exponent | negative << 7]) + mantissa.to_bytes(3, "big")
    text = decimal_text(cell, a_float(4, "ibm"), "ebcdic", ENCODINGS["ibm037"]("jis"))
    unit = Decimal(16) ** (exponent - 70)
    assert abs(abs(Decimal(text)) - mantissa * unit) * 2 <= unit
    assert text.startswith("-") == (negative and mantissa > 0)


def test_a_field_with_a_long_number_is_text_for_the_mapping(tmp_path):
    short, long = fields(tmp_path / "f.csv", "a,A,1,9,packed,2\nb,B,10,10,packed,2")
    assert (short.whole, long.whole) == (True, False)


@pytest.mark.parametrize(("size", "number"), [(3, 12345), (11, "123456789012345678901")])
def test_packed_blanks_are_nothing_only_where_the_book_says_so(tmp_path, size, number):
    digits = str(number).rjust(2 * size - 1, "0")
    data = bytes.fromhex(f"{digits}c") + b"\x40" * size + b"\x00" * size
    made = record(tmp_path, "data", f"n,n,1,{size},packed")
    refused = read(tmp_path, data, layout(tmp_path, made))
    assert [row[1] for row in refused.rows["data"]] == [number, None, None]
    assert [issue[0] for issue in refused.issues] == [2, 3]
    allowed = read(tmp_path, data, layout(tmp_path, made, packed_blank="null"))
    assert [row[1] for row in allowed.rows["data"]] == [number, None, None]
    assert [issue[0] for issue in allowed.issues] == [3]


@pytest.mark.parametrize(("name", "convention"), [("ibm930", "ebcdic"), ("jipse-ebcdik", "ebcdic"), ("jipsj-jis8", "ascii"), ("cp932", "translated")])
def test_the_encoding_says_how_a_sign_lies_over_a_digit(name, convention):
    assert convention_of(ENCODINGS[name]("microsoft")) == convention
