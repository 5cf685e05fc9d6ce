"""All item lists of a workbook, or a refusal that says what is missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from migrate.catalog.files import shown
from migrate.catalog.workbook.grid import letters, opened
from migrate.catalog.workbook.header import candidates
from migrate.catalog.workbook.items import ItemList, Remark, item_lists
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from migrate.catalog.workbook.grid import Sheet
    from migrate.catalog.workbook.words import Words


def understood(
    path: Path, words: Words, sheets: Sequence[str] = (), section: str = ""
) -> tuple[list[ItemList], list[Remark]]:
    """The item lists of a file, one a group of items where the list has groups, and what there is to say
    of sheets without one.

    `sheets`: these alone, hidden ones among them. `section`: the items of this group, or under a heading
    that holds this text. Raises KnowledgeError where there is no list, or two columns say the same.
    """
    all_ = opened(path)
    for name in sheets:
        if name not in (s.title for s in all_):
            cause, remedy = unknown(say("シート", "sheet"), name, [s.title for s in all_])
            raise KnowledgeError(Problem(shown(path), "", cause, remedy))
    lists: list[ItemList] = []
    remarks: list[Remark] = []
    empty: list[Problem] = []
    for sheet in all_:
        if sheets and sheet.title not in sheets:
            continue
        if sheet.hidden and not sheets:
            text = say(
                "非表示のシート: 読まない (--sheet で指定)",
                "a hidden sheet: not read (name it with --sheet)",
            )
            remarks.append(Remark("left", sheet.title, 0, text))
            continue
        found = [part for one in item_lists(sheet, words) for part in _groups(one)]
        _insist_on_one_of_each(path, found)
        if not found:
            why = _without(sheet, words)
            remarks.append(Remark("left", sheet.title, 0, why))
            remedy = say("--titles FILE で見出しを教える", "teach the titles with --titles FILE")
            empty.append(Problem(shown(path), sheet.title, why, remedy))
        lists += [_under(one, section) for one in found] if section else found
    if sheets and empty:
        raise KnowledgeError(*empty)
    lists = [one for one in lists if one.items]
    if not lists and section and len(empty) < len(all_):
        cause = say(f"見出し {section!r} の項目がない", f"no items under {section!r}")
        raise KnowledgeError(
            Problem(shown(path), "", cause, say("見出し行を確かめる", "look at the headings"))
        )
    if not lists:
        raise KnowledgeError(*empty or [_bare(path)])
    return lists, remarks


def named(found: ItemList) -> str:
    """What a list is called: its sheet, and its group where the sheet has several."""
    groups = {item.group for item in found.items}
    group = groups.pop() if len(groups) == 1 else ""
    return f"{found.sheet} / {group}" if group and group not in found.sheet else found.sheet


def _groups(found: ItemList) -> list[ItemList]:
    """One list a group, where a list names several."""
    groups = list(dict.fromkeys(item.group for item in found.items))
    if len(groups) < 2 or "" in groups:
        return [found]
    parts = [replace(found, items=tuple(i for i in found.items if i.group == g)) for g in groups]
    return [parts[0], *(replace(part, remarks=()) for part in parts[1:])]


def _under(found: ItemList, section: str) -> ItemList:
    items = tuple(i for i in found.items if section == i.group or section in i.section)
    return replace(found, items=items)


def _insist_on_one_of_each(path: Path, lists: list[ItemList]) -> None:
    problems = []
    for found in lists:
        for name, one, other in found.header.twice:
            cause = say(
                f"{name} の列が2つ: {one} と {other}", f"two columns for {name}: {one} and {other}"
            )
            title = one.title.replace("/", "")
            remedy = say(
                f'--titles FILE の [titles] に {name} = ["{title}@{letters(one.first)}"] のように書いて決める',
                f'decide in --titles FILE, under [titles]: {name} = ["{title}@{letters(one.first)}"]',
            )
            place = f"{found.sheet}!{found.header.top}"
            problems.append(Problem(shown(path), place, cause, remedy))
    if problems:
        raise KnowledgeError(*problems)


def _without(sheet: Sheet, words: Words) -> str:
    """Why a sheet has no item list: the row that comes nearest, its titles and what it lacks."""
    nearest = max(candidates(sheet, words), key=lambda h: (len(h.known), -h.top), default=None)
    if nearest is None:
        return say("項目一覧の見出し行がない", "has no header row of an item list")
    titles = ", ".join(span.title for span in nearest.spans)
    short = ", ".join(
        f"{name} ({', '.join(words.titles.get(name, ())[:4])} ...)" for name in nearest.missing
    ) or say("項目の行", "rows of items")
    return say(f"項目一覧でない: {nearest.top} 行目の見出しは {titles}。ないもの: {short}",
               f"no item list: the titles in row {nearest.top} are {titles}; missing: {short}")  # fmt: skip


def _bare(path: Path) -> Problem:
    cause = say("項目が1つもない", "holds no item")
    return Problem(shown(path), "", cause, say("シートを確かめる", "look at its sheets"))
