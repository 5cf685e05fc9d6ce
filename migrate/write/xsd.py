"""The XML Schema of a standard table: `xsd(table, codes)`. It refuses what `check/schema.py` refuses as an error.

What a schema cannot say stays with `migrate check`: check digits, keys, rules across columns and tables. Each
element's documentation carries its label and where its definition comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from migrate.catalog.notices import severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from migrate.model import CodeList, Column, Table

NAMESPACE = "urn:chukan-migrate:layout"
"""Of the attributes that say what the standard says of a column."""

_HALF = "&#x20;-&#x7E;&#xFF61;-&#xFF9F;"
_NOT_WIDE = "&#x9;&#xA;&#xD;&#x20;-&#x9F;&#xFF61;-&#xFF9F;"
_SELECTORS = "&#xFE00;-&#xFE0F;&#xE0100;-&#xE01EF;"
_PRIVATE = "&#xE000;-&#xF8FF;&#xF0000;-&#x10FFFF;"
_YEAR = "([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_OF_28 = "(0[1-9]|1[0-9]|2[0-8])"
_MONTHS = f"((0[13578]|1[02])-({_OF_28}|29|3[01])|(0[469]|11)-({_OF_28}|29|30)|02-{_OF_28})"
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_SEASON = "(00|[ABCD][1-4])-([012][0-9]|3[01]|A[1-3])"
_DATES = {
    # a day of the calendar, or no beginning of a period
    "day": (f"{_YEAR}-{_MONTHS}", f"{_LEAP}-02-29", "0000-01-01"),
    # month or day unknown; or the year 0000, which stands for an unknown one and has every day
    "unknown_day": (
        f"[0-9]{{4}}-({_SEASON}|(0[1-9]|1[0-2])-(00|A[1-3]))",
        f"0000-({_MONTHS}|02-29)",
    ),
}
_BREAK = r"\\n"
"""A line break, written as two characters, counts as one."""
_SHAPES = {
    "X": f"[{_HALF}]{{1,%d}}",
    "BLOB": "[&#x20;-&#x7E;]{1,%d}",
    "TIME": "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
    "YEAR": "[0-9]{4}",
    "YM": "[0-9]{4}-(0[0-9]|1[0-2])",
}


def xsd(table: Table, codes: Mapping[str, CodeList]) -> str:
    """The schema as text. `codes`: the code lists by id; closed ones become enumerations.

    >>> from migrate import Catalog
    >>> found = Catalog().table("01_resident_register/juki_resident")
    >>> text = xsd(found, Catalog().code_lists())
    >>> [c.name for c in found.columns if f'<xs:element name="{c.name}"' not in text]
    []
    >>> 'm:label="宛名番号" m:type="X" m:length="15"' in text
    True
    """
    lists = {c.codes: codes[c.codes] for c in table.columns if c.codes in codes}
    closed = {name: found for name, found in lists.items() if found.closed}
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:m="{NAMESPACE}">',
            *_root(table),
            *(line for c in table.columns for line in _element(c, closed.get(c.codes))),
            "  </xs:sequence></xs:complexType></xs:element>",
            " </xs:sequence>",
            *_attributes(table),
            "</xs:complexType></xs:element>",
            *(line for found in closed.values() for line in _list(found)),
            *(line for name, patterns in _DATES.items() for line in _named(name, patterns)),
            "</xs:schema>\n",
        ]
    )


def _root(table: Table) -> Iterator[str]:
    note = " ".join(filter(None, (table.note, table.source)))
    yield f"<xs:element name={quoteattr(table.name)}>"
    yield _note(note, {"label": table.title, "id": table.id, "area": table.area})
    yield "<xs:complexType>"
    yield " <xs:sequence>"
    yield '  <xs:element name="row" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>'


def _attributes(table: Table) -> Iterator[str]:
    yield f' <xs:attribute name="id" type="xs:string" use="required" fixed={quoteattr(table.id)}/>'
    for name, pattern in (("city", "[0-9]{6}"), ("round", "[0-9]{2}"), ("as_of", "[0-9]{14}")):
        yield f' <xs:attribute name="{name}">{_pattern(pattern)}</xs:attribute>'


def _element(column: Column, closed: CodeList | None) -> Iterator[str]:
    """One column: its name, what is said of it, and its type."""
    facts = {
        "label": column.label,
        "type": column.type,
        "length": column.length,
        "required": column.required,
        "key": "yes" if column.key else "",
        "codes": column.codes,
        "references": column.references,
        "check": column.check,
        "gaiji": "yes" if column.gaiji else "",
        "unknown_date": "yes" if column.unknown_date else "",
        "provenance": column.source,
    }
    kind = f' type="{closed.id}"' if closed else ""
    few = "" if column.required == "yes" else ' minOccurs="0"'
    yield f'   <xs:element name="{column.name}"{kind}{few}>'
    yield _note(column.note, facts)
    if not closed:
        yield f"    {_type(column)}"
    yield "   </xs:element>"


def _type(column: Column) -> str:
    whole, fraction = column.digits
    if column.type in ("9", "S9"):
        sign = "-?" if column.type == "S9" else ""
        return _pattern(f"0|{sign}[1-9][0-9]{{0,{whole - 1}}}", "xs:long")
    if column.type == "9V":
        integer = f"(0|[1-9][0-9]{{0,{whole - 1}}})" if whole > 1 else "[0-9]"
        return _pattern(rf"{integer}(\.[0-9]{{1,{fraction}}})?", "xs:decimal")
    if column.type == "DATE":
        members = "day unknown_day" if column.unknown_date else "day"
        return f'<xs:simpleType><xs:union memberTypes="{members}"/></xs:simpleType>'
    if column.type == "N":
        return _pattern(_wide(column, whole))
    shape = _SHAPES[column.type]
    return _pattern(shape % whole if "%" in shape else shape)


def _wide(column: Column, length: int) -> str:
    """Full-width characters and line breaks; a character counts as one with its variation selectors."""
    if column.gaiji:
        allowed = "" if severity("unregistered_gaiji") == "alert" else _PRIVATE
        each = f"([^{_NOT_WIDE}{_SELECTORS}{allowed}]|{_BREAK})[{_SELECTORS}]*"
        return f"[{_SELECTORS}]+|[{_SELECTORS}]*({each}){{1,{length}}}"
    return f"([^{_NOT_WIDE}{_SELECTORS}{_PRIVATE}]|{_BREAK}){{1,{length}}}"


def _list(found: CodeList) -> Iterator[str]:
    """A closed code list; each value with its label."""
    yield f'<xs:simpleType name="{found.id}">'
    yield _note(found.note, {"label": found.title, "provenance": found.source})
    yield ' <xs:restriction base="xs:string">'
    for code, label in found.labels.items():
        yield f"  <xs:enumeration value={quoteattr(code)}>{_note('', {'label': label}).strip()}</xs:enumeration>"
    yield " </xs:restriction>"
    yield "</xs:simpleType>"


def _named(name: str, patterns: tuple[str, ...]) -> Iterator[str]:
    yield f'<xs:simpleType name="{name}"><xs:restriction base="xs:string">'
    yield from (f' <xs:pattern value="{pattern}"/>' for pattern in patterns)
    yield "</xs:restriction></xs:simpleType>"


def _pattern(pattern: str, base: str = "xs:string") -> str:
    """A type of values that match; the pattern is written with character references already."""
    facet = f'<xs:pattern value="{pattern}"/>'
    return f'<xs:simpleType><xs:restriction base="{base}">{facet}</xs:restriction></xs:simpleType>'


def _note(text: str, facts: dict[str, str]) -> str:
    said = "".join(f" m:{name}={quoteattr(value)}" for name, value in facts.items() if value)
    documentation = f'<xs:documentation xml:lang="ja"{said}>{escape(text)}</xs:documentation>'
    return f"    <xs:annotation>{documentation}</xs:annotation>"
