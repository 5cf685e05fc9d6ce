"""How a delimited file is written: delimiter, quotes, header line."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from migrate.language import say
from migrate.peek.figures import Confidence, Dialect, Statement

DELIMITERS = {",": ",", ";": ";", "\t": "TAB", "|": "|"}
_DIGITS = re.compile(r"[0-9０-９.,+/:-]+")


@dataclass(frozen=True)
class Rows:
    """The records of a delimited text."""

    delimiter: str
    rows: list[list[str]]
    same: float  # share of the records that have the usual number of columns
    quoted: int
    doubled: int
    breaks: int


def divided(text: str, *, begins: bool = True) -> Rows | None:
    """The records of a text by the delimiter that divides nearly all into as many columns.

    >>> found = divided('a,"b,c"\\r\\nd,e\\r\\n')
    >>> found.rows, found.quoted
    ([['a', 'b,c'], ['d', 'e']], 1)
    >>> divided("abc\\ndef\\n") is None
    True
    """
    made = [r for d in DELIMITERS if d in text and (r := _by(text, d, begins=begins))]
    return max(made, key=lambda r: (r.same, len(r.rows[0])), default=None)


def _by(text: str, delimiter: str, *, begins: bool) -> Rows | None:
    body = text if begins else text[text.find("\n") + 1 :]
    end = max(body.rfind("\n"), body.rfind("\r")) + 1
    body = (body[:end] or body).rstrip("\x1a")
    quotes = body.count('"')
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter,
                            quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE)  # fmt: skip
        rows = [row for row in reader if row]
    except csv.Error:
        return None
    if not rows:
        return None
    width, count = Counter(map(len, rows)).most_common(1)[0]
    same = count / len(rows)
    if width < 2 or same < 0.9 or (len(rows) == 1 and width < 3):
        return None
    quoted = len(re.findall(rf'(?:^|[{re.escape(delimiter)}\r\n])"', body))
    if quotes and not quoted:  # quotes are only signs here
        return None
    breaks = sum("\n" in cell or "\r" in cell for row in rows for cell in row)
    doubled = sum(cell.count('"') for row in rows for cell in row) if quoted else 0
    kept = [row for row in rows if len(row) == width]
    return Rows(delimiter, kept, same, quoted, doubled, breaks)


def dialect(found: Rows) -> Dialect:
    """Statements about a delimited text."""
    width, total = len(found.rows[0]), len(found.rows)
    fact = say(f"{total:,} 件の {found.same:.1%} が {width} 列", f"{found.same:.1%} of {total:,} records have {width} columns")  # fmt: skip
    enough: Confidence = "certain" if found.same == 1 and total >= 5 and width >= 3 else "likely"
    delimiter = Statement(value=DELIMITERS[found.delimiter], confidence=enough, evidence=[fact])
    cells = total * width
    value = "none" if not found.quoted else "all" if found.quoted >= 0.95 * cells else "some"
    quoting = Statement(
        value=value,
        confidence="certain" if total >= 5 else "likely",
        evidence=[
            say(f"値 {cells:,} のうち引用符付き {found.quoted:,}、二重の引用符 {found.doubled:,}、引用符の中の改行 {found.breaks:,}",
                f"{found.quoted:,} of {cells:,} values in quotes, {found.doubled:,} doubled quotes, {found.breaks:,} values with line breaks")
        ],
    )  # fmt: skip
    return Dialect(
        delimiter=delimiter, quoting=quoting, header=header(found.rows), doubled_quotes=found.doubled,
        breaks_in_quotes=found.breaks,
    )  # fmt: skip


def header(rows: list[list[str]]) -> Statement:
    """Whether the first line holds labels.

    >>> header([["番号", "氏名"], ["1", "山"], ["2", "川"], ["3", "森"], ["4", "谷"]]).value
    'yes'
    >>> header([["1", "山"], ["2", "川"], ["3", "森"], ["4", "谷"]]).value
    'no'
    """
    first, rest = rows[0], rows[1:]
    filled = all(cell.strip() for cell in first)
    different = len(set(first)) == len(first)
    if len(rest) < 3:
        return Statement(value="", confidence="undecided", alternatives=["yes", "no"],
                         evidence=[say("行が少なすぎる", "too few lines")])  # fmt: skip
    numbers = [
        place for place in range(len(first))
        if sum(bool(_DIGITS.fullmatch(row[place])) or not row[place] for row in rest) >= 0.98 * len(rest)
        and any(row[place] for row in rest)
    ]  # fmt: skip
    unlike = sum(not _DIGITS.fullmatch(first[p]) for p in numbers if first[p])
    again = sum(first[p] in {row[p] for row in rest} for p in range(len(first)) if first[p])
    fact = say(
        f"数字だけの列 {len(numbers)} のうち、1行目が数字でない列 {unlike}。1行目の値が後の行にもある列 {again}",
        f"of {len(numbers)} columns of digits, {unlike} have something else in the first line; {again} of its values come again below",
    )
    if numbers and unlike == len(numbers) and filled and different and not again:
        return Statement(value="yes", confidence="certain" if unlike >= 2 else "likely", evidence=[fact])  # fmt: skip
    if (numbers and not unlike) or again * 2 > len(first):
        sure = len(numbers) >= 2 and not unlike
        return Statement(value="no", confidence="certain" if sure else "likely", evidence=[fact])
    return Statement(value="", confidence="undecided", alternatives=["yes", "no"], evidence=[fact])
