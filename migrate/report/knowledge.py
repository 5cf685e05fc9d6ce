"""Layouts, tables and code lists as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.catalog.files import shown
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from migrate.catalog import Catalog
    from migrate.model import Field, Gaiji, Layout, Table


def contents(catalog: Catalog) -> str:
    """What there is: areas with their tables, legacy layouts, mappings, code lists."""
    parts = []
    for found in catalog.areas().values():
        parts.append(f"{found.number:02d} {found.title}")
        parts += [f"   {found.name}/{table}" for table in found.tables]
    parts.append(say("旧レイアウト", "legacy layouts"))
    parts += [f"   {name}" for name in (*catalog.layout_names(), *catalog.gaiji_names())]
    parts.append(say("マッピング", "mappings"))
    parts += [f"   {name}" for name in catalog.mapping_names()]
    lists = catalog.code_lists()
    parts.append(
        say(f"コード表 {len(lists)}", f"{len(lists)} code lists") + ": codes/" + " ".join(lists)
    )
    return "\n".join(parts)


def area(catalog: Catalog, name: str) -> str:
    """One area: its tables and where they come from."""
    found = catalog.areas()[name]
    tables = [catalog.table(f"{name}/{t}") for t in found.tables]
    rows = [(t.id, t.name, t.title, len(t.columns), t.note) for t in tables]
    head = (
        "ID",
        say("英名", "name"),
        say("表", "table"),
        say("列数", "columns"),
        say("備考", "note"),
    )
    return (
        f"{found.number:02d} {found.title}\n{found.source}\n\n{aligned([head, *rows], right=[3])}"
    )


def table(found: Table) -> str:
    """One table, a line a column."""
    head = ("#", say("列", "column"), say("項目名", "label"), say("型", "type"), say("桁", "len"),
            say("必須", "req"), say("印", "marks"), say("コード", "codes"), say("根拠", "src"),
            say("参照・検査・備考", "references, check, note"))  # fmt: skip
    rows = []
    for number, c in enumerate(found.columns, 1):
        marks = "".join(
            letter
            for letter, on in (
                ("K", c.key),
                ("G", c.gaiji),
                ("U", c.unknown_date),
                ("S", c.sensitive),
            )
            if on
        )
        more = " ".join(
            filter(None, (c.references and f"→{c.references}", c.check and f"[{c.check}]", c.note))
        )
        required = {"yes": "○", "if": "△", "": ""}[c.required]
        rows.append(
            (number, c.name, c.label, c.type, c.length, required, marks, c.codes, c.source, more)
        )
    legend = say(
        "○必須 △条件付き / K主キー G外字可 U不詳日可 S個人情報 / 根拠 V公開文書で確認 I推定 G一般知識・提案",
        "○ required △ conditional / K key, G gaiji, U unknown dates, S personal / source V seen, I inferred, G general knowledge",
    )
    title = f"{found.id} {found.area}/{found.name} {found.title}"
    return (
        f"{title}\n{found.source} {found.note}\n{legend}\n\n{aligned([head, *rows], right=[0, 4])}"
    )


def layout(found: Layout) -> str:
    """One legacy layout, a line a field, record type by record type."""
    parts = [f"{found.name} {found.title}", found.source,
             f"{found.format}, {found.encoding}, {found.newline}, {_shape(found)}"]  # fmt: skip
    place = say("列", "column") if found.format == "csv" else say("位置", "start")
    head = (place, say("バイト", "bytes"), say("型", "type"), say("項目", "field"),
            say("項目名", "label"), say("印", "marks"), say("備考", "note"))  # fmt: skip
    for record in found.records:
        tags = ", ".join(
            f"{t.at}={'|'.join(t.accepted or [f'x{value}' for value in t.hex])}" for t in record.tag
        )
        parts.append(f"\n[{record.kind}] {record.name} {record.label} ({tags})")
        rows = [
            (
                f.start or 0,
                f.bytes or "",
                " ".join(filter(None, (f"{f.type}.{f.scale}" if f.scale else f.type, f.form))),
                "" if f.type == "filler" else f.name,
                f.label,
                "S" if f.sensitive else "",
                " ".join(filter(None, (_condition(f), f.note))),
            )
            for f in record.fields
        ]
        parts.append(aligned([head, *rows], right=[0, 1], indent="  "))
        for claim in record.declares:
            what = claim.sums or ", ".join(claim.counts)
            parts.append(say(f"  {claim.field} は {what} の{'合計' if claim.sums else '件数'}を申告する",
                             f"  {claim.field} declares the {'sum' if claim.sums else 'count'} of {what}"))  # fmt: skip
    return "\n".join(parts)


def _condition(field: Field) -> str:
    """Which records have a field, and over which other it lies."""
    depends, when = field.depends, field.when
    undecided = say("when: 未定 (読まない)", "when: undecided (never read)")
    parts = [
        field.redefines and say(f"{field.redefines} の再定義", f"redefines {field.redefines}"),
        depends
        and say(
            f"回数は {depends} (最大 {field.times})",
            f"as often as {depends} says, up to {field.times}",
        ),
        undecided if when == "?" else when and f"when {when}",
    ]
    return "; ".join(p for p in parts if p)


def _shape(found: Layout) -> str:
    """The length of a record, or what a line of CSV is."""
    file = f", {found.file}" if found.file else ""
    if found.format == "fixed":
        size = f"{found.record_bytes} bytes"
        if found.prefix:
            size = say(f"{found.prefix} のあと {size} まで", f"up to {size} behind {found.prefix}")
        around = [
            (found.lead_bytes, say("前に {} バイト", "{} bytes before the records")),
            (found.tail_bytes, say("後ろに {} バイト", "{} bytes behind the records")),
            (found.zoned, "zoned {}"),
            (found.table, "{}"),
        ]
        more = [text.format(value) for value, text in around if value]
        return ", ".join([size, *more]) + file
    with_labels = say("見出し行あり", "with a header line")
    without = say("見出し行なし", "without a header line")
    labels = with_labels if found.header_lines else without
    return say(f"区切り {found.delimiter!r}, {labels}{file}",
               f"delimiter {found.delimiter!r}, {labels}{file}")  # fmt: skip


def code_list(catalog: Catalog, name: str) -> str:
    """One code list."""
    lists = catalog.code_lists()
    if name not in lists:
        path = catalog.roots.folders[0] / "layouts/standard/codes"
        raise KnowledgeError(Problem(path, "", *unknown(say("コード表", "code list"), name, lists)))
    found = lists[name]
    title = f"{found.id} {found.title} ({found.kind}) {found.source} {found.note}".rstrip()
    return f"{title}\n{aligned(found.labels.items(), indent='  ')}"


def gaiji(path: Path, found: Sequence[Gaiji]) -> str:
    """A vendor's user-defined characters, and what becomes of each."""
    head = (say("コード", "code"), say("決めた文字", "becomes"), "", "kind",
            say("承認", "approved"), say("備考", "note"))  # fmt: skip
    unsettled = say("未承認", "not approved: not applied")
    rows = [
        (
            row.code,
            row.text,
            row.to,
            row.kind,
            f"{row.approved_on} {row.approved_by}" if row.approved else unsettled,
            row.note,
        )
        for row in found
    ]
    count = sum(row.approved for row in found)
    title = say(f"外字 {len(found)} 字、承認済み {count}", f"{len(found)} gaiji, {count} approved")
    return f"{shown(path)}\n{title}\n\n{aligned([head, *rows])}"
