"""Everything that can be wrong with knowledge before a record is read: `problems(catalog)`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from migrate.catalog.files import line_of, shown
from migrate.catalog.legacy import shared_files
from migrate.check import Checker
from migrate.check.trial import unfit
from migrate.check.values import VALUES
from migrate.convert import Converter
from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say
from migrate.read.encodings import ENCODINGS, encoding_of
from migrate.read.gaiji import characters, meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from migrate.catalog import Catalog
    from migrate.model import CodeList, Gaiji, Layout, Mapping, Table

Asked = TypeVar("Asked")
Made = TypeVar("Made")

SAMPLE_CITY = "482013"
"""What `{city}` stands for while examples are tried: a municipality that does not exist."""


def problems(catalog: Catalog) -> tuple[list[Problem], dict[str, int]]:
    """Every problem, and how many of each kind of knowledge there are."""
    found: list[Problem] = []
    attempt = _Attempts(found)
    areas = attempt(catalog.areas) or {}
    names = [f"{area.name}/{table}" for area in areas.values() for table in area.tables]
    tables = attempt.each(catalog.table, names)
    lists = attempt(catalog.code_lists)
    for table in tables:
        found.extend(_wrong_table(table, {t.name: t for t in tables}, lists))
    layouts = attempt.each(catalog.layout, catalog.layout_names())
    for layout in layouts:
        found.extend(_wrong_layout(layout))
    found.extend(shared_files(layouts))
    gaiji = attempt.each(lambda name: (name, catalog.gaiji(name)), catalog.gaiji_names())
    for name, (path, book) in gaiji:
        mine = [one for one in layouts if one.name.split("/")[0] == name.split("/")[0]]
        found.extend(_wrong_gaiji(path, book, mine))
    mappings = attempt.each(catalog.examined, catalog.mapping_names())
    attempt.each(lambda m: Checker(m[0].table, m[0].codes), mappings)
    for mapping, wrong in mappings:
        found.extend(wrong)
        converter = attempt(partial(Converter, mapping, {"city": SAMPLE_CITY}))
        if converter and not wrong:
            found.extend(_failing_examples(mapping, converter))
    attempt(catalog.shrinks)
    rules, wrong_rules = attempt(catalog.examined_rules) or (None, [])
    found.extend([*wrong_rules, *(unfit(rules) if rules else [])])
    counts = {
        say("業務", "areas"): len(areas),
        say("表", "tables"): len(tables),
        say("列", "columns"): sum(len(t.columns) for t in tables),
        say("コード表", "code lists"): len(lists or {}),
        say("規則", "rules"): len(rules.rules) if rules else 0,
        say("レイアウト", "layouts"): len(layouts),
        say("マッピング", "mappings"): len(mappings),
        say("例", "examples"): sum(len(m.examples) for m, _ in mappings),
    }
    if gaiji:
        counts[say("外字", "gaiji")] = sum(len(book) for _, (_, book) in gaiji)
    return list(dict.fromkeys(found)), counts


class _Attempts:
    """Makes nouns; what cannot be made adds to the problems."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def __call__(self, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except KnowledgeError as error:
            self.problems.extend(error.problems)
            return None

    def each(self, make: Callable[[Asked], Made], asked: Iterable[Asked]) -> list[Made]:
        made = (self(partial(make, one)) for one in asked)
        return [noun for noun in made if noun is not None]


def _wrong_table(
    table: Table, tables: dict[str, Table], lists: dict[str, CodeList] | None
) -> Iterator[Problem]:
    path = shown(table.path)
    for column in table.columns:
        if lists is None:  # they are broken themselves: said already
            pass
        elif column.codes and column.codes not in lists:
            yield Problem(
                path, column.name, *unknown(say("コード表", "code list"), column.codes, lists)
            )
        elif column.codes and lists[column.codes].closed:
            longest = max(map(len, lists[column.codes].labels))
            if column.digits[0] < longest:
                cause = say(f"コードは {longest} 桁、列は {column.length} 桁",
                            f"its codes have {longest} characters, the column {column.length}")  # fmt: skip
                yield Problem(
                    path, column.name, cause, say("length か code を直す", "mend length or codes")
                )
        if column.check and column.check not in VALUES:
            yield Problem(path, column.name, *unknown(say("検査", "check"), column.check, VALUES))
        for target in column.references.split():
            name, _, wanted = target.partition(".")
            if name not in tables:
                yield Problem(path, column.name, *unknown(say("表", "table"), name, tables))
            elif wanted not in tables[name].by_name:
                yield Problem(
                    path, column.name, *unknown(say("列", "column"), wanted, tables[name].by_name)
                )
    for name in table.order:
        if name not in table.by_name:
            yield Problem(path, "order", *unknown(say("列", "column"), name, table.by_name))


def _wrong_layout(layout: Layout) -> Iterator[Problem]:
    path = shown(layout.path)
    if layout.encoding not in ENCODINGS:
        yield Problem(path, line_of(layout.path, "encoding"),
                      *unknown(say("文字コード", "encoding"), layout.encoding, ENCODINGS))  # fmt: skip
    else:
        encoding = ENCODINGS[layout.encoding](layout.characters)
        for record in layout.records:
            for value in (v for tag in record.tag for v in tag.accepted):
                try:
                    encoding.encode(value)
                except UnicodeEncodeError:
                    cause = say(f"tag の {value!r} は {layout.encoding} にない",
                                f"tag {value!r} is not in {layout.encoding}")  # fmt: skip
                    yield Problem(path, record.name, cause, say("hex で書く", "write it as hex"))
    untold = [r.name for r in layout.records if not r.tag]
    if untold and len(layout.records) > 1:
        cause = say(
            f"レコード種別 {', '.join(untold)} に tag がない",
            f"no tag tells {', '.join(untold)} apart",
        )
        yield Problem(path, "record", cause, say("tag を書く", "write a tag"))


def _wrong_gaiji(path: Path, rows: Sequence[Gaiji], layouts: Sequence[Layout]) -> Iterator[Problem]:
    """Codes that are no user-defined character of the vendor's files, that are two, or that another row has, too."""
    fitting = [one for one in layouts if one.encoding in ENCODINGS]
    pairs = {(one.encoding, one.characters): one for one in fitting}
    encodings = [encoding_of(one.model_copy(update={"gaiji": ()})) for one in pairs.values()]
    for layout, encoding in zip(pairs.values(), encodings, strict=True):
        try:
            characters(layout.model_copy(update={"gaiji": tuple(rows)}), encoding)
        except KnowledgeError as error:
            yield from error.problems
    names = ", ".join(sorted({one.encoding for one in fitting}))
    for row in rows if fitting else ():
        meant = {meaning(encoding, row.code) for encoding in encodings} - {""}
        if not meant:
            cause = say(f"{names} の外字ではない", f"is no user-defined character of {names}")
            remedy = say(
                "外字一覧のコードを確かめる", "look the code up in the vendor's gaiji book"
            )
            yield Problem(shown(path), row.code, cause, remedy)
        elif len(meant) > 1:
            cause = say(f"{names} で別の外字を指す", f"is another character in each of {names}")
            yield Problem(
                shown(path), row.code, cause, say("U+E000 の形で書く", "write it as U+E000")
            )


def _failing_examples(mapping: Mapping, converter: Converter) -> Iterator[Problem]:
    remedy = say("例か作り方を直す", "mend the example or the recipe")
    for number, example in enumerate(mapping.examples, 1):
        place = say(f"例{number}「{example.because}」", f"example {number} ({example.because})")
        try:
            made = converter.try_example(example)
        except ValueError:
            cause = say("数の項目に数でない値", "a field of numbers is given something else")
            yield Problem(shown(mapping.path), place, cause, remedy)
            continue
        for column, expected in example.expect.items():
            if made[column] != expected:
                cause = say(f"{column} は {made[column]!r}、期待は {expected!r}",
                            f"{column} is {made[column]!r}, expected {expected!r}")  # fmt: skip
                yield Problem(shown(mapping.path), place, cause, remedy)
