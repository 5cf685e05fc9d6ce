"""One record explained, as text: a hex ruler, its fields, each column's way, the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.catalog.notices import cited, notices
from migrate.language import say
from migrate.report.columns import aligned, width

if TYPE_CHECKING:
    from migrate.explain import Explained, Stage
    from migrate.model import Mapping

PER_LINE = 20
HIDDEN = "··"


def page(found: Explained, mapping: Mapping, *, reveal: bool) -> str:
    """The whole explanation; personal values only with `reveal`."""
    kind = (
        f"{found.record.name} {found.record.label}"
        if found.record
        else say("種別不明", "unknown type")
    )
    title = say(
        f"レコード {found.number:,}（{found.byte:,} バイト目から {len(found.raw)} バイト、改行を含む） {kind}",
        f"record {found.number:,} (byte {found.byte:,}, {len(found.raw)} bytes with its newline) {kind}",
    )
    parts = [title, _ruler(found, reveal=reveal), _fields(found, reveal=reveal)]
    if found.skipped:
        parts.append(say(f"対象外: {found.skipped}", f"skipped: {found.skipped}"))
    parts += [_columns(found, mapping, reveal=reveal), _verdict(found)]
    return "\n\n".join(part for part in parts if part)


def _ruler(found: Explained, *, reveal: bool) -> str:
    """Position, bytes, characters; a field begins with a bar."""
    starts = {at for at, _ in found.spans} or {0}
    characters = dict(found.characters)
    lines = []
    for begin in range(0, len(found.raw), PER_LINE):
        hexes, text = "", ""
        for at in range(begin, min(begin + PER_LINE, len(found.raw))):
            field = found.field_at(at)
            between = found.record is not None and field is None  # newline, quotes, delimiters
            secret = not reveal and not between and (field is None or field.sensitive)
            bar = "|" if at in starts else " "
            hexes += bar + (HIDDEN if secret and found.raw[at] != 0x20 else f"{found.raw[at]:02x}")
            if at in characters:
                text += _drawn(characters[at], hidden=secret)
            elif between and 0x20 <= found.raw[at] < 0x7F:
                text += chr(found.raw[at])
        lines.append(f"  {begin + 1:>5}  {hexes.ljust(PER_LINE * 3)}  {text}")
    head = "".join(f"{n:>3}" for n in range(1, PER_LINE + 1))
    return f"  {'':>5}  {head}\n" + "\n".join(lines)


def _drawn(character: str, *, hidden: bool) -> str:
    """A character on the ruler: blanks stay blanks, what has no picture is a geta."""
    if character in " \u3000":
        return character
    if hidden:
        return "·"
    return character if character.isprintable() and not "\ue000" <= character <= "\uf8ff" else "〓"


def _fields(found: Explained, *, reveal: bool) -> str:
    if not found.record:
        return ""
    rows = [
        (
            say("位置", "bytes"),
            say("型", "type"),
            say("項目", "field"),
            say("項目名", "label"),
            say("値", "value"),
        )
    ]
    wrong = _cited(found)
    for field, (at, size) in zip(found.record.fields, found.spans, strict=True):
        if field.type == "filler":
            continue
        name, span = field.name, f"{at + 1}-{at + size}" if size else "-"
        value = _shown(found.values.get(name), field.sensitive, reveal=reveal)
        rows.append(
            (span, field.type, name, field.label, f"✗ {wrong[name]}" if name in wrong else value)
        )
    return aligned(rows, indent="  ")


def _columns(found: Explained, mapping: Mapping, *, reveal: bool) -> str:
    wrong = _cited(found)
    lines = []
    for number, row in enumerate(found.rows, 1):
        if len(found.rows) > 1:
            lines.append(
                say(f"{number} 行目 / {len(found.rows)} 行", f"row {number} of {len(found.rows)}")
            )
        for column in mapping.table.columns:
            if column.name not in row:
                continue
            way = "  →  ".join(_stage(s, reveal=reveal) for s in row[column.name])
            mark = f"   ✗ {wrong[column.name]}" if column.name in wrong else ""
            name = f"{column.name} {column.label}"
            lines.append(f"  {name}{' ' * max(1, 40 - width(name))}{way}{mark}")
    return "\n".join(lines)


def _cited(found: Explained) -> dict[str, str]:
    return {i["item"]: cited(i["code"], i["severity"]) for i in found.issues.iter_rows(named=True)}


def _stage(stage: Stage, *, reveal: bool) -> str:
    return f"{stage.what}: {_shown(stage.value, stage.sensitive, reveal=reveal)}"


def _shown(value: object, sensitive: bool, *, reveal: bool) -> str:
    if value is None:
        return "-"
    if value == "":
        return say("(空)", "(blank)")
    return f"({len(str(value))} characters)" if sensitive and not reveal else str(value)


def _verdict(found: Explained) -> str:
    if found.issues.is_empty():
        return say(
            "指摘なし（主キーの重複はファイル全体で見る）",
            "no issues (repeated keys are a matter of the whole file)",
        )
    lines = []
    for issue in found.issues.iter_rows(named=True):
        notice = notices()[issue["code"]]
        place = max(0, issue["byte"] - found.byte) + 1
        where = say(f"レコードの {place} バイト目", f"byte {place} of the record")
        lines.append(
            f"  {cited(issue['code'], issue['severity'])} {issue['item']} ({where}): {notice.title}"
        )
        lines.append(f"      → {notice.remedy}")
    return "\n".join(lines)
