"""Legacy columns in, standard columns out: `Converter(mapping, {"city": "482013"}).convert(frame)`.

A word refuses a value by returning null. A value that was there before the words and is null after them
becomes an issue named after the word that refused it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.files import insist, line_of, shown
from migrate.catalog.views import OCCURRENCE, quoted
from migrate.coded import Coded
from migrate.convert.conditions import blank_frame, wrong_condition
from migrate.convert.distinct import Distinct, Told
from migrate.convert.refusals import Refusals
from migrate.convert.text import lines
from migrate.convert.vocabulary import expressions, field_value, may_be_blank
from migrate.convert.word import BLANK
from migrate.errors import KnowledgeError, Problem
from migrate.frames import CARRIED, ISSUES, OFFSET, RECORD, Batch, hidden, no_issues
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrate.model import Example, Lookup, Mapping, Recipe, Skip

NOT_FOUND, AMBIGUOUS = "not_found", "ambiguous"
"""The codes of a record that a lookup finds no partner for, or several."""

MANY = "_many"
"""In a lookup's frame: whether its key comes more than once there."""


@dataclass(frozen=True)
class Converter:
    """A mapping, ready to run. Raises KnowledgeError for every wrong word in it."""

    mapping: Mapping
    run: dict[str, str] = field(default_factory=dict)
    partners: tuple[pl.DataFrame, ...] = ()
    """For each lookup of the mapping: its keys as text, its fields by their new names, and MANY."""

    def __post_init__(self) -> None:
        insist(
            [
                *self._wrong_recipes(),
                *(p for i, s in enumerate(self.mapping.skips, 1) for p in self._wrong_skip(i, s)),
                *(
                    p
                    for i, one in enumerate(self.mapping.lookups, 1)
                    for p in self._wrong_where(i, one)
                ),
            ]
        )

    def _wrong_recipes(self) -> Iterator[Problem]:
        """All together, as long as nothing is wrong: it is the same work a run does at first."""
        try:
            self._blank_frame.select(
                e.alias(f"{n} {i}") for n, steps in self._steps.items() for i, e in enumerate(steps)
            )
        except (KnowledgeError, pl.exceptions.PolarsError):
            for recipe in self.mapping.recipes.values():
                yield from self._wrong_recipe(recipe)

    def _wrong_recipe(self, recipe: Recipe) -> Iterator[Problem]:
        """Wrong words or arguments, or words that do not take what the fields hold."""
        path, place = self.mapping.path, line_of(self.mapping.path, recipe.column)
        try:
            made = expressions(self.mapping, recipe)
        except KnowledgeError as error:
            yield from error.problems
            return
        for step, value in zip(recipe.steps, made[1:], strict=True):
            try:
                self._blank_frame.select(value)
            except pl.exceptions.PolarsError:
                cause = say(
                    f"{step.word} はこの型の項目を取らない",
                    f"{step.word} does not take a field of this type",
                )
                remedy = say("項目の型か語を変える", "change the field's type or the word")
                yield Problem(shown(path), place, cause, remedy)
                return

    def _wrong_skip(self, number: int, skip: Skip) -> Iterator[Problem]:
        place = line_of(self.mapping.path, "when", number)
        yield from wrong_condition(shown(self.mapping.path), place, skip.when, self._blank_frame)

    def _wrong_where(self, number: int, lookup: Lookup) -> Iterator[Problem]:
        if lookup.where:
            place = line_of(self.mapping.path, "from", number)
            there = blank_frame(lookup.record)
            yield from wrong_condition(shown(self.mapping.path), place, lookup.where, there)

    @cached_property
    def _blank_frame(self) -> pl.DataFrame:
        return blank_frame(self.mapping.record)

    @cached_property
    def _made(self) -> dict[str, pl.Expr]:
        """Each recipe's outcome; a blank on purpose is still the empty string."""
        return {name: steps[-1] for name, steps in self._steps.items()}

    @cached_property
    def _steps(self) -> dict[str, list[pl.Expr]]:
        return {name: expressions(self.mapping, r) for name, r in self.mapping.recipes.items()}

    def steps(self, column: str) -> list[pl.Expr]:
        """The value of a column's recipe before its first word and after each."""
        return self._steps[column]

    @cached_property
    def _fixed(self) -> list[pl.Expr]:
        """Columns that no record decides: constants and blanks."""
        columns, mapping = self.mapping.table.by_name, self.mapping
        said = {n: pl.lit(v.format_map(self.run), pl.String) for n, v in mapping.constants.items()}
        fixed = {**said, **{n: pl.lit(None, pl.String) for n in mapping.left_empty}}
        return [e.cast(columns[n].dtype).alias(n) for n, e in fixed.items()]

    @cached_property
    def _carried(self) -> list[pl.Expr]:
        """What is carried along."""
        numbers = {f.name for f in self.mapping.record.read.values() if f.whole}
        return [
            (value if name in numbers else lines(value)).alias(f"{CARRIED}{name}")
            for name in self.mapping.carried
            for value in [field_value(self.mapping.record, name)]
        ]

    @cached_property
    def _rest(self) -> list[pl.Expr]:
        """Every column that no recipe makes."""
        return [*self._fixed, *self._carried]

    @cached_property
    def _constant(self) -> dict[str, Coded]:
        return {s.name: Coded(s, "", {}) for s in pl.select(self._fixed)}

    def convert(self, records: pl.DataFrame, memory: Distinct | None = None) -> Batch:
        """Make the table's columns of every record in scope; a refused value is null and an issue. `memory`: of
        what was made of earlier records; then columns may be coded."""
        units, unmatched = self.units(records)
        return self.made(units, unmatched, memory)

    def memory(self) -> Distinct:
        """For `convert`; for one thread."""
        return Distinct(self.mapping.recipes.values(), self._columns)

    def units(self, records: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """What the words see: records unfolded, with the fields of their partners; and issues of those that
        have none, or several."""
        return self._joined(self._unfolded(records))

    def made(
        self, units: pl.DataFrame, unmatched: list[pl.DataFrame], memory: Distinct | None = None
    ) -> Batch:
        """Make the columns of records that are unfolded and joined already."""
        wanted, skipped = self.in_scope(units)
        alone = [i.join(wanted, left_on="byte", right_on=OFFSET, how="semi") for i in unmatched]
        told = memory.tell(wanted) if memory else Told([], {}, {})
        plain = [name for name in self.mapping.recipes if name not in told.coded]
        typed, found = self._columns(wanted, plain)
        issues = told.issues | dict(zip(plain, found, strict=True))
        coded = self._constant | told.coded if memory else {}
        rest = wanted.select(RECORD, OFFSET, *(self._carried if memory else self._rest))
        columns = {c.name: c for c in (*rest, *typed)}
        order = [n for n in self.mapping.table.by_name if n not in coded]
        order = [RECORD, OFFSET, *order, *(f"{CARRIED}{n}" for n in self.mapping.carried)]
        rows = pl.DataFrame([*(columns[name] for name in order), *told.places])
        listed = [issues[name] for name in self.mapping.recipes if name in issues]
        some = [i for i in (*alone, *listed) if i.height]
        return Batch(rows, pl.concat(some) if some else no_issues(), skipped, coded)

    def _columns(
        self, wanted: pl.DataFrame, names: Iterable[str]
    ) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """Some of the columns that recipes make, and the issues of each."""
        made = wanted.select_seq(self._made[name].alias(name) for name in names)
        typed = made.select_seq(self._typed(name, made[name].dtype) for name in made.columns)
        return typed, self._refusals.find(wanted, made, typed)

    @cached_property
    def _refusals(self) -> Refusals:
        return Refusals(self.mapping, self._steps)

    def _unfolded(self, records: pl.DataFrame) -> pl.DataFrame:
        """A row for each occurrence; OFFSET is then the row's number from 0: record x occurrences + occurrence."""
        count = len(self.mapping.unfold)
        if not count:
            return records
        plain = records.select(RECORD, *self._plain)
        rows = [
            plain.with_columns(
                pl.lit(number, pl.Int64).alias(OCCURRENCE),
                *(_source(records, source).alias(name) for name, source in one.items()),
            )
            for number, one in enumerate(self.mapping.unfold, 1)
        ]
        whole = pl.concat(rows).sort(RECORD, maintain_order=True)
        return whole.with_row_index(OFFSET).with_columns(pl.col(OFFSET).cast(pl.UInt64))

    @cached_property
    def _plain(self) -> list[str]:
        """The fields that the words, the lookups and the skips take from the record itself."""
        mapping = self.mapping
        used = {f for r in mapping.recipes.values() for f in r.fields} | {*mapping.carried}
        used |= {here for one in mapping.lookups for here in one.on.values()}
        used |= {word for skip in mapping.skips for word in re.findall(r"\w+", skip.when)}
        own = mapping.layout.types[mapping.record.name].read
        return [name for name in own if name in used]

    def _joined(self, units: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """The units with the fields of their partners, and an issue for each that has none, or several."""
        issues = []
        for lookup, partner in zip(self.mapping.lookups, self.partners, strict=True):
            keys = {key_name(i): f for i, f in enumerate(lookup.on.values())}
            joined = units.with_columns(
                pl.col(f).cast(pl.String).str.strip_chars_end().alias(k) for k, f in keys.items()
            ).join(partner, on=list(keys), how="left", maintain_order="left")
            asked = pl.all_horizontal(pl.col(f).is_not_null() for f in lookup.on.values())
            alone = asked & pl.col(MANY).is_null() & pl.lit(not lookup.missing)
            first = next(iter(lookup.on.values()))
            value = pl.col(first).cast(pl.String)
            hide = self.mapping.record.read[first].sensitive
            issues += [
                joined.filter(which).select(
                    record=RECORD,
                    byte=pl.col(OFFSET),
                    item=pl.lit(first),
                    code=pl.lit(code),
                    severity=pl.lit("error"),
                    value=hidden(value) if hide else value,
                ).cast(ISSUES)
                for which, code in ((alone, NOT_FOUND), (asked & pl.col(MANY), AMBIGUOUS))
            ]  # fmt: skip
            units = joined.drop(MANY, *keys)
        return units, issues

    def in_scope(self, records: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
        """The records that no skip leaves out, and by its reason how many each does."""
        skipped = {}
        for skip in self.mapping.skips:
            out = records.select(pl.sql_expr(skip.when).fill_null(value=False)).to_series()
            if out.any():
                skipped[skip.because] = int(out.sum())
                records = records.filter(~out)
        return records, skipped

    def _typed(self, name: str, given: pl.DataType) -> pl.Expr:
        column, value = self.mapping.table.by_name[name], pl.col(name)
        if given == pl.String and any(
            may_be_blank(s.word) for s in self.mapping.recipes[name].steps
        ):
            value = pl.when(value != BLANK).then(value)
        if column.type == "9V" and given == pl.String:
            places = column.digits[1]  # a cast would round what has more of them
            value = pl.when(value.str.contains(rf"^-?[0-9]+(\.[0-9]{{1,{places}}})?$")).then(value)
        return value if given == column.dtype else value.cast(column.dtype, strict=False)

    def try_example(self, example: Example) -> dict[str, str]:
        """What the mapping makes of one example; a refusal reads `!word`, a blank ``."""
        wanted, _ = self.in_scope(self.given(example.given))
        if not wanted.height:
            return dict.fromkeys(example.expect, "!skip")
        asked = [c for c in example.expect if c in self.mapping.recipes]
        typed, issues = self._columns(wanted, asked)
        row = {**wanted.select(RECORD, *self._rest).row(0, named=True), **typed.row(0, named=True)}
        refused = {c: f"!{i['code'][0]}" for c, i in zip(asked, issues, strict=True) if i.height}
        return {c: refused.get(c, "" if row[c] is None else str(row[c])) for c in example.expect}

    def given(self, values: dict[str, str]) -> pl.DataFrame:
        """One record with these fields and no others."""
        schema = self._blank_frame.schema
        row = {n: (int(v) if schema[n] == pl.Int64 else v) for n, v in values.items() if v != ""}
        return pl.DataFrame([{RECORD: 1, OFFSET: 0, **row}], schema=schema)


def key_name(number: int) -> str:
    """What the number-th key of a lookup is called in the frame of its partners."""
    return f"_key_{number}"


def _source(records: pl.DataFrame, source: str) -> pl.Expr:
    """A field of the record, or the text between single quotes."""
    text = quoted(source)
    return pl.lit(records[source]) if text is None else pl.lit(text or None, pl.String)
