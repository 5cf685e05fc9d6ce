"""Layouts from and as 符号表 of 政府統計個票データレイアウト標準記法, the notation of Japan's government statistics.

Known, and from where. From the notation's own text (統計調査等業務の業務・システム最適化計画, annex; its opening pages are
quoted on public document sites): a 符号表 describes fixed-length text, CSV or XML; lines 1 to 6 are a header part whose
basic items stand in columns 1 and 2 as name and content, any other items from column 3 on. From programs that read
published 符号表: below it comes a line of headings, 行番号 階層 項目名 繰返し 位置 バイト数 変数名 符号 符号内容 (with レベル, 桁数,
コード, 説明 as other words for some); a row with bytes is a variable, its first code on the same row and the others on the
rows below; a row without bytes is a heading, and with 繰返し n the deeper rows below it repeat, positions as of the first.

Not known: the official names of the six header items and the letters of 型. Those written here are this program's own;
read are any. What the notation cannot say, redefinitions and tables of variable length, is refused on the way out;
`sensitive`, claims of trailers, and who reads what as a date are not carried.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from migrate.catalog.copybook.names import snake
from migrate.catalog.drafts import Draft
from migrate.catalog.notation.taken import Table, taken
from migrate.catalog.notation.written import tables
from migrate.model import Field, RecordType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["draft", "tables"]

ENCODINGS = {
    "cp932": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "シフトjis": "cp932", "ms932": "cp932",
    "utf-8": "utf-8", "utf8": "utf-8",
}  # fmt: skip
NEWLINES = {"crlf": "crlf", "none": "none", "なし": "none", "lf": "lf", "cr": "cr", "nel": "nel"}
"""How a 符号表 may word them; the first is taken where nothing is said."""


def draft(paths: Sequence[Path]) -> Draft:
    """The layout that one or more 符号表 describe, one a record type, with all that they leave open.

    >>> from pathlib import Path; from tempfile import mkdtemp
    >>> path = Path(mkdtemp()) / "a.csv"
    >>> _ = path.write_text("行番号,階層,項目名,位置,バイト数,変数名,符号,符号内容\\n1,1,性別,1,1,SEX,1,男\\n2,,,,,,2,女\\n3,1,年齢,2,3,AGE,,\\n", "utf-8")
    >>> [(f.name, f.label, f.start, f.bytes, f.note) for f in draft([path]).records[0].fields]
    [('sex', '性別', 1, 1, '1=男 2=女'), ('age', '年齢', 2, 3, '')]
    >>> _ = path.write_text("項目,長さ\\n", "utf-8")
    >>> draft([path])
    Traceback (most recent call last):
        ...
    migrate.errors.KnowledgeError: ...a.csv: no line of headings with 項目名, 位置 and バイト数; mend the 符号表
    """
    made = [taken(path) for path in paths]
    first = made[0]
    longest = max(table.at - 1 for table in made)
    facts = _settings(first, longest)
    records = []
    for table in made:
        if facts["format"] == "fixed" and table.at - 1 < longest:
            table.fields.append(
                Field(
                    name="reserve",
                    label="予備",
                    start=table.at,
                    bytes=longest - table.at + 1,
                    type="filler",
                )
            )
        records.append(_record(table))
    findings = tuple(f for table in made for f in table.findings)
    codes = {r.name: tuple(t.codes) for r, t in zip(records, made, strict=True) if t.codes}
    return Draft(
        first.head.get("名称", first.path.stem),
        first.head.get("出所", f"符号表 {first.path.name}"),
        facts,
        tuple(records),
        findings,
        codes,
    )


def _settings(table: Table, longest: int) -> dict[str, str | int]:
    head = table.head
    form = head.get("ファイル形式", "")
    if not form:
        table.ask(
            1,
            "ファイル形式が見出し部にない。固定長とした",
            "the header part has no ファイル形式: taken as fixed-length",
        )
    csv_ = "CSV" in unicodedata.normalize("NFKC", form).upper()
    facts: dict[str, str | int] = {"format": "csv" if csv_ else "fixed"}
    for key, name, known in (("encoding", "文字コード", ENCODINGS), ("newline", "改行", NEWLINES)):
        told = unicodedata.normalize("NFKC", head.get(name, "")).strip().lower()
        default = next(iter(known.values()))
        facts[key] = known.get(
            told, told if re.fullmatch(r"[a-z0-9_-]+", told) and key == "encoding" else default
        )
        if not told:
            table.ask(
                1,
                f"{name}が見出し部にない。{default} とした",
                f"the header part has no {name}: taken as {default}",
            )
        elif told not in known and facts[key] == default:
            table.ask(
                1,
                f"{name} {told} を知らない。{default} とした",
                f"unknown {name} {told}: taken as {default}",
            )
    if csv_:
        facts["header_lines"] = int(head.get("見出し行") == "1")
        facts["delimiter"] = head.get("区切り") or ","
    else:
        facts["record_bytes"] = longest
    return facts


def _record(table: Table) -> RecordType:
    head = table.head
    name = head.get("レコード種別") or snake(table.path.stem) or "record"
    try:
        tag = tomllib.loads(f"tag = {head['識別']}")["tag"] if head.get("識別") else ()
        facts: dict[str, Any] = {
            "kind": head.get("レコード区分") or "data",
            "label": head.get("レコード種別名", ""),
        }
        return RecordType(name=name, tag=tag, fields=tuple(table.fields), **facts)
    except (tomllib.TOMLDecodeError, ValidationError):
        raise table.wrong(
            0,
            "レコード種別・区分・識別が読めない",
            "レコード種別, レコード区分 or 識別 cannot be read",
        ) from None
