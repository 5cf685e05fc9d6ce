"""What was understood of a workbook's item lists, as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.language import say
from migrate.report.columns import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrate.catalog.workbook import ItemList, Remark

COLUMNS = (
    "number",
    "name",
    "label",
    "type",
    "length",
    "bytes",
    "start",
    "required",
    "key",
    "codes",
    "times",
)


def page(found: ItemList) -> str:
    """One list: where its header is, which column is what, and its items as the sheet has them."""
    rows = (found.header.top, found.header.bottom)
    head = say(
        f"{found.sheet}: 見出し {rows[0]}-{rows[1]} 行目、項目 {len(found.items)}",
        f"{found.sheet}: header in rows {rows[0]}-{rows[1]}, {len(found.items)} items",
    )
    known = [f"{name} = {span}" for name, span in found.header.known.items()]
    others = [str(span) for span in found.header.others]
    shown = [name for name in COLUMNS if name in found.header.known]
    table = [(say("行", "row"), *shown)]
    table += [(str(i.row), *(i.said.get(name, "") for name in shown)) for i in found.items]
    lines = [head, "  " + ", ".join(known)]
    if others:
        lines.append(say("  備考へ: ", "  into the note: ") + ", ".join(others))
    return "\n".join([*lines, aligned(table, right=[0], indent="  ")])


def remarks(told: Iterable[Remark]) -> str:
    """What is undecided, left out, noted, to be looked at: a line each."""
    kinds = {
        "undecided": say("決まらない", "undecided"),
        "look": say("見ること", "look"),
        "noted": say("備考に写した", "noted"),
        "left": say("項目でない", "left out"),
    }
    every = list(dict.fromkeys(told))
    lines = []
    for kind, title in kinds.items():
        own = [r for r in every if r.kind == kind]
        if own:
            lines.append(f"{title} ({len(own)})")
            lines += [f"  {r.sheet}{f'!{r.row}' if r.row else ''}: {r.text}" for r in own]
    return "\n".join(lines)
