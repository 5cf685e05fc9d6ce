"""Conditions in SQL over the fields of a record: whether they can be asked at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from migrate.errors import Problem
from migrate.frames import OFFSET, RECORD
from migrate.language import say
from migrate.model import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from migrate.model import RecordType


def blank_frame(self) -> pl.DataFrame:
        return blank_frame(self.mapping.record)

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
        numbers = {f.name for f in self.mapping.record.read.values() if f.type in NUMBERS}
        carried = [
            (value if name in numbers else lines(value)).alias(f"{CARRIED}{name}")
            for name in self.mapping.carried
            for value in [field_value(self.mapping.record, name)]
        ]
        return [e.cast(columns[n].dtype).alias(n) for n, e in fixed.items()] + carried

    def convert(self, records: pl.DataFrame) -> Batch:
        """Make the table's columns of every record in scope; a refused value is null and an issue."""
        units, unmatched = self.units(records)
        return self.made(units, unmatched)

    def units(self, records: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """What the words see: records unfolded, with the fields of their partners; and issues of those that
        have none, or several."""
        return self._joined(self._unfolded(records))

    def made(self, units: pl.DataFrame, unmatched: list[pl.DataFrame]) -> Batch:
        """Make the columns of records that are unfolded and joined already."""
        wanted, skipped = self.in_scope(units)
        alone = [i.join(wanted, left_on="byte", right_on=OFFSET, how="semi") for i in unmatched]
        typed, issues = self._columns(wanted, self.mapping.recipes)
        rest = wanted.select(RECORD, OFFSET, *self._rest)
        rows = pl.concat([rest, typed], how="horizontal").select(
            RECORD,
            OFFSET,
            *self.mapping.table.by_name,
            *(f"{CARRIED}{n}" for n in self.mapping.carried),
        )
        found = [i for i in (*alone, *issues) if i.height]
        return Batch(rows, pl.concat(found) if found else no_issues(), skipped)

    def _columns(
        self, wanted: pl.DataFrame, names: Iterable[str]
    ) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """Some of the columns that recipes make, and the issues of each."""
        made = wanted.select(self._made[name].alias(name) for name in names)
        typed = made.select(self._typed(name, made[name].dtype) for name in made.columns)
        recipes = (self.mapping.recipes[name] for name in made.columns)
        return typed, [self._refused(r, wanted, made, typed) for r in recipes]

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

    def _refused(
        self, recipe: Recipe, before: pl.DataFrame, made: pl.DataFrame, typed: pl.DataFrame
    ) -> pl.DataFrame:
        """Issues for the values that were there and, without being blank on purpose, are no more."""
        name = recipe.column
        blank = (made[name] == BLANK) if made[name].dtype == pl.String else None
        lost = typed[name].is_null()
        if not lost.any():
            return no_issues()
        steps = self.steps(name)[1:] if recipe.steps else []
        given = pl.any_horizontal(pl.col(*recipe.fields).is_not_null())
        there = [given, *(value.is_not_null() for value in steps)]
        fills = any(fills_blank(s.word) for s in recipe.steps)  # something may come of nothing
        had = before.select(pl.any_horizontal(there) if fills else given).to_series()
        lost &= had if blank is None else had & ~blank.fill_null(value=False)
        if not lost.any():
            return no_issues()
        culprit = pl.coalesce(
            *(
                pl.when(before_it & value.is_null()).then(self._blamed(recipe, number))
                for number, before_it, value in reversed(
                    list(zip(range(len(steps)), there, steps, strict=False))
                )
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

    def _blamed(self, recipe: Recipe, number: int) -> pl.Expr:
        """The code of a value that a step refuses: its word, or that its crosswalk's row is not approved."""
        step = recipe.steps[number]
        walk = self.mapping.crosswalks[step.args[0]] if step.word == "code" else None
        if walk is None or not walk.proposed:
            return pl.lit(step.word)
        waiting = pl.any_horizontal(
            value.cast(pl.String).is_in(list(walk.proposed)).fill_null(value=False)
            for value in parts(self.mapping, recipe)[number]
        )
        return pl.when(waiting).then(pl.lit(UNAPPROVED)).otherwise(pl.lit(step.word))

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
        schema = self.blank_frame.schema
        row = {n: (int(v) if schema[n] == pl.Int64 else v) for n, v in values.items() if v != ""}
        return pl.DataFrame([{RECORD: 1, OFFSET: 0, **row}], schema=schema)


def blank_frame(record: RecordType) -> pl.DataFrame:
    """No records, but with the columns that they have."""
    kinds = {f.name: pl.Int64 if f.type in NUMBERS else pl.String for f in record.read.values()}
    return pl.DataFrame(schema={**kinds, RECORD: pl.UInt64, OFFSET: pl.UInt64})


def wrong_condition(path: Path, place: str, sql: str, frame: pl.DataFrame) -> Iterator[Problem]:
    remedy = say("項目名で書いた SQL の条件にする", "write a condition in SQL, over the fields")
    try:
        kind = frame.select(pl.sql_expr(sql)).dtypes[0]
    except pl.exceptions.PolarsError as error:
        yield Problem(path, place, f"{sql}: {str(error).splitlines()[0]}", remedy)
        return
    if kind != pl.Boolean:
        cause = say(f"{sql} は条件ではありません", f"{sql} is no condition")
        yield Problem(path, place, cause, remedy)
