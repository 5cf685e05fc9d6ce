"""Legacy columns in, standard columns out: `Converter(mapping, {"city": "482013"}).convert(frame)`.

A word refuses a value by returning null. A value that was there before the words and is null after them
becomes an issue named after the word that refused it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.files import insist, line_of, shown
from migrate.convert.vocabulary import expressions, field_value, may_be_blank
from migrate.convert.word import BLANK
from migrate.errors import KnowledgeError, Problem
from migrate.frames import CARRIED, ISSUES, OFFSET, RECORD, Batch, hidden, no_issues
from migrate.language import say
from migrate.model import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrate.model import Example, Mapping, Recipe, Skip

NUMBER = "number"
"""The code of a value that its column, a number, cannot hold."""


@dataclass(frozen=True)
class Converter:
    """A mapping, ready to run. Raises KnowledgeError for every wrong word in it."""

    mapping: Mapping
    run: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        insist(
            [
                *(p for r in self.mapping.recipes.values() for p in self._wrong_recipe(r)),
                *(p for i, s in enumerate(self.mapping.skips, 1) for p in self._wrong_skip(i, s)),
            ]
        )

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
        path, place = self.mapping.path, line_of(self.mapping.path, "when", number)
        remedy = say("項目名で書いた SQL の条件にする", "write a condition in SQL, over the fields")
        try:
            kind = self._blank_frame.select(pl.sql_expr(skip.when)).dtypes[0]
        except pl.exceptions.PolarsError as error:
            yield Problem(shown(path), place, f"{skip.when}: {str(error).splitlines()[0]}", remedy)
            return
        if kind != pl.Boolean:
            cause = say(f"{skip.when} は条件ではありません", f"{skip.when} is no condition")
            yield Problem(shown(path), place, cause, remedy)

    @cached_property
    def _blank_frame(self) -> pl.DataFrame:
        fields = self.mapping.record.read.values()
        kinds = {f.name: pl.Int64 if f.type in NUMBERS else pl.String for f in fields}
        return pl.DataFrame(schema={**kinds, RECORD: pl.UInt64, OFFSET: pl.UInt64})

    @cached_property
    def _made(self) -> dict[str, pl.Expr]:
        """Each recipe's outcome; a blank on purpose is still the empty string."""
        return {name: self.steps(name)[-1] for name in self.mapping.recipes}

    def steps(self, column: str) -> list[pl.Expr]:
        """The value of a column's recipe before its first word and after each."""
        return expressions(self.mapping, self.mapping.recipes[column])

    @cached_property
    def _rest(self) -> list[pl.Expr]:
        """Columns that no record decides: constants and blanks; then what is carried along."""
        constants = {
            name: pl.lit(value.format_map(self.run), pl.String)
            for name, value in self.mapping.constants.items()
        }
        columns = self.mapping.table.by_name
        fixed = {**constants, **{n: pl.lit(None, pl.String) for n in self.mapping.left_empty}}
        carried = [
            field_value(self.mapping.record, name).alias(f"{CARRIED}{name}")
            for name in self.mapping.carried
        ]
        return [e.cast(columns[n].dtype).alias(n) for n, e in fixed.items()] + carried

    def convert(self, records: pl.DataFrame) -> Batch:
        """Make the table's columns of every record in scope; a refused value is null and an issue."""
        wanted, skipped = self._in_scope(records)
        made = wanted.select(e.alias(name) for name, e in self._made.items())
        typed = made.select(self._typed(name, made[name].dtype) for name in made.columns)
        issues = [self._refused(r, wanted, made, typed) for r in self.mapping.recipes.values()]
        rest = wanted.select(RECORD, OFFSET, *self._rest)
        rows = pl.concat([rest, typed], how="horizontal").select(
            RECORD,
            OFFSET,
            *self.mapping.table.by_name,
            *(f"{CARRIED}{n}" for n in self.mapping.carried),
        )
        found = [i for i in issues if i.height]
        return Batch(rows, pl.concat(found) if found else no_issues(), skipped)

    def _in_scope(self, records: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
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

    def _refused(
        self, recipe: Recipe, before: pl.DataFrame, made: pl.DataFrame, typed: pl.DataFrame
    ) -> pl.DataFrame:
        """Issues for the values that were there and, without being blank on purpose, are no more."""
        name = recipe.column
        blank = (made[name] == BLANK) if made[name].dtype == pl.String else None
        lost = typed[name].is_null()
        if not lost.any():
            return no_issues()
        had = before.select(pl.any_horizontal(pl.col(*recipe.fields).is_not_null())).to_series()
        lost &= had if blank is None else had & ~blank.fill_null(value=False)
        if not lost.any():
            return no_issues()
        steps = self.steps(name)[1:] if recipe.steps else []
        culprit = pl.coalesce(
            *(
                pl.when(value.is_null()).then(pl.lit(step.word))
                for step, value in zip(recipe.steps, steps, strict=True)
            ),
            pl.lit(NUMBER),
        )
        value = pl.concat_str(
            pl.col(*recipe.fields).cast(pl.String), separator=" ", ignore_nulls=True
        )
        personal = name in self.mapping.personal
        return (
            before.filter(lost)
            .select(
                record=RECORD,
                byte=pl.col(OFFSET),
                item=pl.lit(name),
                code=culprit,
                severity=pl.lit("alert" if name in self.mapping.alert_only else "error"),
                value=hidden(value) if personal else value,
            )
            .cast(ISSUES)
        )

    def try_example(self, example: Example) -> dict[str, str]:
        """What the mapping makes of one example; a refusal reads `!word`, a blank ``."""
        frame = self.given(example.given)
        made = self.convert(frame)
        refused = {i["item"]: f"!{i['code']}" for i in made.issues.iter_rows(named=True)}
        if not made.rows.height:
            return dict.fromkeys(example.expect, "!skip")
        row = made.rows.row(0, named=True)
        return {c: refused.get(c, "" if row[c] is None else str(row[c])) for c in example.expect}

    def given(self, values: dict[str, str]) -> pl.DataFrame:
        """One record with these fields and no others."""
        schema = self._blank_frame.schema
        row = {n: (int(v) if schema[n] == pl.Int64 else v) for n, v in values.items() if v != ""}
        return pl.DataFrame([{RECORD: 1, OFFSET: 0, **row}], schema=schema)
