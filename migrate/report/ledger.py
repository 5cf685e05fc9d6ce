"""Ledgers for people and for spreadsheets: user-defined characters and codes, counted and approved or not."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from migrate.inventory.carried import percent
from migrate.inventory.characters import title
from migrate.language import say
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from migrate.inventory.carried import Counted, Coverage
    from migrate.inventory.codes import Inventory as Codes
    from migrate.inventory.codes import Line as CodeLine
    from migrate.inventory.gaiji import Code, Inventory

MOST = 40
"""Lines of a list on a screen; the other forms have all of them."""

GAIJI = ("change", "code", "unicode", "classes", "layout", "record", "field", "label", "occurrences", "records",
         "before", "samples", "state", "to", "kind")  # fmt: skip
CODES = (
    "change",
    "list",
    "code",
    "to",
    "label",
    "columns",
    "occurrences",
    "records",
    "before",
    "samples",
    "state",
)
CODES_LEDGER = ("from", "to", "note", "approved_by", "approved_on")
GAIJI_LEDGER = ("from", "to", "kind", "approved_by", "approved_on", "note")


def state(name: str) -> str:
    """What a state is called.

    >>> state("")
    '-'
    """
    return {
        "approved": say("承認", "approved"),
        "proposed": say("案あり・未承認", "proposed"),
        "none": say("未決", "unsettled"),
        "": "-",
    }[name]


def gaiji_as_json(found: Inventory) -> str:
    return found.model_dump_json(indent=2) + "\n"


def gaiji_as_csv(found: Inventory) -> str:
    """The form that `--before` reads: UTF-8, CRLF, one line a code and field."""
    return written(GAIJI, (line.model_dump() for line in found.lines))


def gaiji_as_text(found: Inventory) -> str:
    """For people: coverage, classes, then code by code; what is unsettled and frequent first."""
    parts = [
        say(f"{', '.join(found.files)}: {found.records:,} レコードの文字",
            f"{', '.join(found.files)}: the characters of {found.records:,} records"),
    ]  # fmt: skip
    if found.unread:
        parts.append(say(f"読めない値が {found.unread:,} あり、その中の文字は数えていません",
                         f"{found.unread:,} values could not be read; their characters are not counted"))  # fmt: skip
    name = say("外字", "user-defined characters")
    parts += ["", coverage(name, found.coverage)]
    if found.classes:
        head = (say("分類（1字が複数に入る）", "class (a character may be of several)"),
                say("字", "characters"), say("出現", "occurrences"))  # fmt: skip
        rows = [(title(n), *counts) for n, counts in found.classes.items()]
        parts += ["", aligned([head, *rows], right=(1, 2), indent="  ")]
    mine = [c for c in found.codes if c.state]
    labels = _labels(found)
    parts += _codes(say("外字", "user-defined characters"), mine, labels, settled=True)
    others = [c for c in found.codes if not c.state]
    title_ = say("そのほか気をつける文字", "other characters to look at")
    parts += _codes(title_, others, labels, settled=False)
    parts += changes(found.lines)
    return "\n".join(parts) + "\n"


def _labels(found: Inventory) -> dict[tuple[str, str], str]:
    """What people call a field, by layout and name, with or without its record type."""
    called: dict[tuple[str, str], str] = {}
    for line in found.lines:
        label = say(line.label, line.field)
        called |= {(line.layout, n): label for n in (line.field, f"{line.record}.{line.field}")}
    return called


def _codes(
    name: str, codes: Sequence[Code], labels: dict[tuple[str, str], str], *, settled: bool
) -> list[str]:
    if not codes:
        return []
    several = len({c.layout for c in codes}) > 1
    head = [say("コード", "code"), "Unicode", say("字", "is"), say("出現", "occurrences"), say("レコード", "records"),
            say("扱い", "state") if settled else say("分類", "classes"), say("項目", "fields")]  # fmt: skip
    rows = []
    for one in codes[:MOST]:
        becomes = f"{state(one.state)} {one.to} {one.kind}".strip()
        fields = ", ".join(f"{labels[one.layout, n]} {count:,}" for n, count in one.fields.items())
        where = f"{one.layout}: {fields}" if several else fields
        classes = ", ".join(map(title, one.classes.split()))
        rows.append((one.code, one.unicode, _drawn(one), one.occurrences, one.records,
                     becomes if settled else classes, where))  # fmt: skip
    return ["", name, aligned([head, *rows], right=(3, 4), indent="  "), *more(len(codes))]


def _drawn(one: Code) -> str:
    """The character; a geta for one that fonts do not have."""
    if one.state:
        return "〓"
    return "".join(chr(int(point, 16)) for point in re.findall("[0-9A-F]{4,6}", one.unicode))


def gaiji_ledger(found: Inventory) -> str:
    """Rows for a gaiji.csv of the user-defined characters that have none yet, unapproved."""
    rows: dict[str, dict[str, str]] = {}
    for code in found.codes:
        if code.state != "none":
            continue
        fields = " ".join(f"{name}:{n}" for name, n in code.fields.items())
        note = say(f"{code.occurrences} 回 {code.layout} {fields}",
                   f"{code.occurrences} times {code.layout} {fields}")  # fmt: skip
        row = rows.setdefault(code.code or code.unicode, {})
        row |= {"from": code.code or code.unicode}
        row["note"] = "; ".join(filter(None, (row.get("note"), note)))
    return written(GAIJI_LEDGER, rows.values())


def coverage(name: str, found: Coverage) -> str:
    """How much is approved, in kinds and in occurrences."""
    if not found.kinds:
        return f"{name}: {say('なし', 'none')}"
    kinds = percent(found.approved_kinds, found.kinds)
    return say(
        f"{name}: 承認済み {found.approved_kinds:,} / {found.kinds:,} 種 ({floored(kinds)}%)、"
        f"出現では {found.approved_occurrences:,} / {found.occurrences:,} ({floored(found.share)}%)",
        f"{name}: approved {found.approved_kinds:,} of {found.kinds:,} ({floored(kinds)}%),"
        f" by occurrence {found.approved_occurrences:,} of {found.occurrences:,} ({floored(found.share)}%)",
    )


def floored(share: float) -> str:
    """A percentage that is never shown rounded up to 100.

    >>> floored(99.999), floored(100.0)
    ('99.99', '100.00')
    """
    return f"{int(share * 100) / 100:.2f}"


def changes(lines: Iterable[Counted]) -> list[str]:
    """How many lines are new, gone, changed; nothing if there was nothing to compare with."""
    found = [line for line in lines if line.before is not None]
    if not found:
        return []
    count = {
        name: sum(line.change == name for line in found) for name in ("new", "gone", "changed")
    }
    text = say(f"前回との違い: 新規 {count['new']:,}、消滅 {count['gone']:,}、変化 {count['changed']:,}（内訳は csv）",
               f"since the report before: {count['new']:,} new, {count['gone']:,} gone,"
               f" {count['changed']:,} changed (see the csv form)")  # fmt: skip
    return ["", text]


def more(count: int) -> list[str]:
    if count <= MOST:
        return []
    return [say(f"  ほか {count - MOST:,} 件。--format csv に全部ある",
                f"  and {count - MOST:,} more: --format csv has them all")]  # fmt: skip


def written(columns: Sequence[str], rows: Iterable[dict[str, object] | dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(
        {name: "" if cell is None else cell for name, cell in row.items()} for row in rows
    )
    return text.getvalue()


def codes_as_json(found: Codes) -> str:
    return found.model_dump_json(indent=2) + "\n"


def codes_as_csv(found: Codes) -> str:
    """The form that `--before` reads: UTF-8, CRLF, one line a code of a list."""
    return written(CODES, (line.model_dump() for line in found.lines))


def codes_as_text(found: Codes) -> str:
    """For people: coverage, list by list; then what is unsettled, what is new, what no record has."""
    files = ", ".join(found.files)
    parts = [
        say(f"{files}: {found.records:,} レコードの旧コード",
            f"{files}: the legacy codes of {found.records:,} records"),
        "", coverage(say("旧コード", "legacy codes"), found.coverage), "",
    ]  # fmt: skip
    head = (say("変換表", "crosswalk"), say("旧コード", "codes"), say("承認", "approved"),
            say("出現", "occurrences"), say("承認", "approved"), "%", say("列", "columns"))  # fmt: skip
    columns = {line.list: line.columns for line in found.lines if line.columns}
    rows = [
        (name, c.kinds, c.approved_kinds, c.occurrences, c.approved_occurrences, floored(c.share),
         shortened(columns.get(name, "")))
        for name, c in found.lists.items()
    ]  # fmt: skip
    parts.append(aligned([head, *rows], right=range(1, 6), indent="  "))
    open_ = [line for line in found.lines if line.occurrences and line.state != "approved"]
    parts += _lines(say("承認された行のない旧コード", "codes without an approved row"), open_)
    unmet: dict[str, list[str]] = {}
    for line in found.lines:
        if not line.occurrences and line.change != "gone":
            unmet.setdefault(line.list, []).append(line.code)
    if unmet:
        name = say("どのレコードにもない変換表の行", "rows of crosswalks that no record has")
        each = ((walk, len(met), shortened(" ".join(met), 12)) for walk, met in unmet.items())
        parts += ["", name, aligned(each, right=[1], indent="  ")]
    return "\n".join([*parts, *changes(found.lines)]) + "\n"


def shortened(names: str, most: int = 3) -> str:
    """The first few of some names, and how many more there are.

    >>> shortened("a b c d")
    'a b c +1'
    """
    words = names.split()
    return " ".join(words[:most]) + (f" +{len(words) - most}" if len(words) > most else "")


def _lines(name: str, lines: Sequence[CodeLine]) -> list[str]:
    if not lines:
        return []
    head = (say("変換表", "crosswalk"), say("旧コード", "code"), say("出現", "occurrences"),
            say("レコード", "records"), say("扱い", "state"), say("標準コード", "becomes"),
            say("例", "samples"))  # fmt: skip
    rows = [
        (x.list, x.code, x.occurrences, x.records, state(x.state), f"{x.to} {x.label}".strip(),
         " ".join(x.samples.split()[:2]))
        for x in lines[:MOST]
    ]  # fmt: skip
    return ["", name, aligned([head, *rows], right=(2, 3), indent="  "), *more(len(lines))]


def codes_ledger(found: Codes) -> dict[str, str]:
    """By list the rows that its crosswalk lacks, unapproved. What may be personal is left out."""
    missing: dict[str, list[CodeLine]] = {}
    for line in found.lines:
        if line.state == "none" and line.occurrences and not line.code.startswith("("):
            missing.setdefault(line.list, []).append(line)
    return {
        name: written(
            CODES_LEDGER,
            (
                {"from": x.code, "note": say(f"{x.occurrences} 回", f"{x.occurrences} times")}
                for x in lines
            ),
        )
        for name, lines in missing.items()
    }
