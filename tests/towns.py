"""A town of the samples, settled for a test: what is true of it, what vendors wrote of it, what becomes of that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import make_town
import polars as pl
from town.core import Town

from migrate import Catalog, Options, run
from migrate.check.duck import ROW
from migrate.check.rules import Judge

ROOT = Path(__file__).resolve().parents[1]


class Settled:
    """A town, its planted faults, and the folder with every vendor's files of it.

    `before`: areas that are settled first, without faults: one would show in what is looked up there. `tables`: by
    vendor, those that its files fill. `written`: areas whose files are there, if not only `areas`.
    """

    def __init__(self, folder, residents, faults, *, areas, tables, before=(), written=None):
        self.town, self.folder, self.tables = Town(residents), folder, tables
        make_town.settle(self.town, before)
        self.town.faults = faults
        self.answers = make_town.settle(self.town, areas)
        self._made = {}
        make_town.write(self.town, folder, areas if written is None else written)

    def converted(self, vendor):
        """The report, and of each table the mappings that fill it and its rows."""
        if vendor not in self._made:
            wanted = self.tables[vendor]
            mappings = [m for m in Catalog(ROOT).mappings(vendor) if m.table.name in wanted]
            into = self.folder / "out" / vendor
            options = Options(formats=("parquet",), city="482013", as_of="20260401000000")
            report = run(mappings, self.folder / vendor, into, options)
            tables = {}
            for name in wanted:
                (file,) = into.glob(f"*_{name}_*.parquet")
                tables[name] = [m for m in mappings if m.table.name == name], pl.read_parquet(file)
            self._made[vendor] = report, tables
        return self._made[vendor]

    def broken(self, folder, *, also=(), everywhere=False):
        """Rule, table and key of every true row that breaks a rule, in order: in the vendors' tables, by the rules
        in `also`, or everywhere."""
        book = Catalog(ROOT).rules()
        files = {}
        for name, rows in self.town.truth.items():
            path = folder / f"{name}.parquet"
            rows.with_row_index(ROW, offset=1).write_parquet(path)
            files[name] = [path]
        mine = {name for names in self.tables.values() for name in names}
        found = []
        with Judge(book, files, date(2026, 4, 1)) as judge:
            for verdict in judge.verdicts():
                rule = verdict.rule
                if verdict.state != "broken" or not (everywhere or rule.table in mine or rule.id in also):
                    continue
                keys = [k for k in book.tables[rule.table].keys if k != "city_code"]
                spelt = pl.concat_str(pl.col(keys).cast(pl.String), separator=" ")
                for rows in verdict.found:
                    found += [(rule.id, rule.table, key) for key in rows.select(spelt).to_series()]
        return sorted(found)


def differing(truth, mappings, found):
    """The columns that a mapping fills and that are not what is true."""
    filled = {c for m in mappings for c in (*m.recipes, *m.constants)}
    keys = mappings[0].table.keys
    truth, found = truth.sort(keys), found.sort(keys)
    assert truth.height == found.height > 0
    return [c for c in truth.columns if c in filled and not truth[c].equals(found[c].cast(truth.schema[c]))]
