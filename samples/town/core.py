"""The town: all that an area's or a vendor's module needs to know.

    town = Town(residents=1000, seed=1)
    town.people, town.households, town.outsiders, town.companies    who there is (see Town)
    town.add("seal_registration", frame)                            rows of a standard table, as they are true
    town.levy(frame)                                                 what collection will have to collect
    town.truth["juki_resident"]                                      the rows of another area

An area's module `samples/town/<area>.py` has `facts(town)` and `FAULTS`; a vendor's
`samples/town/<vendor>/<area>.py` has `files(town)`:

    def facts(town: Town) -> None:
        rng = town.rng("seal")                                       # never numpy's global one
        grown = town.people.filter(pl.col("current") & (pl.col("age") >= 15))
        some = grown.filter(pl.Series(rng.random(grown.height) < 0.6))
        town.add("seal_registration", some.select("atena_no", ..., registered_date=iso("..."))
                 .with_columns(town.operated(some.height, rng)))

    def _left(town: Town, rng: Generator, n: int) -> list[str]:
        rows = town.take("seal_registration", n, pl.col("status") == "1")
        return town.alter("seal_registration", rows, atena_no=...)

    FAULTS = [Fault("R026", "seal_registration", _left)]

    def files(town: Town) -> list[LegacyFile]:
        return [LegacyFile("asama/seal", "INKAN01.DAT", [("seal", frame)])]

Run with samples/ on sys.path: `from town.core import Town, Fault, LegacyFile, iso, workday`.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from town.businesses import companies, outsiders
from town.claims import Claims
from town.columns import CITY, city_columns, clock, iso, standard
from town.days import workday
from town.register import Register, registered

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "AS_OF",
    "CITY",
    "EXTRACTED",
    "TODAY",
    "Fault",
    "LegacyFile",
    "Town",
    "city_columns",
    "iso",
    "workday",
]

AS_OF = "2026-04-01"
EXTRACTED = "20260401000000"
TODAY = date(2026, 3, 31)
"""The day before AS_OF: nothing has happened later."""

LEVY = {
    "subject_code": pl.String, "levy_year": pl.String, "tax_year": pl.String, "notice_no": pl.String,
    "payer_atena_no": pl.String, "term": pl.String, "special_agent_no": pl.String, "fy_no": pl.Int64,
    "levied": pl.Int64, "due_date": pl.Date,
}  # fmt: skip
"""Columns of a frame of Town.levies; special_agent_no and fy_no may be left out."""


class Fault(NamedTuple):
    """One way in which the truth is broken.

    `plant(town, rng, n)` takes up to n rows (town.take), breaks exactly this rule with them (town.alter) and
    gives the keys of the violating rows as the rule reports them (town.alter and town.keys make them). No other
    rule may be broken by it, and the fault must come through the conversion of the legacy files.
    Where a copy of the broken value lies in another row that the vendor's file makes from the same field,
    alter that one too (town.rows, town.spread).
    """

    rule: str
    table: str
    plant: Callable[[Town, np.random.Generator, int], list[str]]


class LegacyFile(NamedTuple):
    """One file of a vendor.

    layout  "asama/land"; read from layouts/legacy/asama/land/
    name    "KOTEI01.DAT"
    parts   (record type, frame), in the order of the file. A frame has the layout's fields (those of a group
            with numbers: amount_1); text exactly as the legacy writes it, null = blank; numbers for zoned, packed,
            binary, number and digits (padded with zeros; text is not). Fields left out are blank; a tag that is a whole field
            (レコード区分) is filled in. A column `_order` (Int64) interleaves data records of several types.
            A trailer's frame (one row, or None for none of its own) is completed by what the layout `declares`.
    """

    layout: str
    name: str
    parts: list[tuple[str, pl.DataFrame | None]]


@dataclass
class Town:
    """An invented municipality: who lives there, and all its registers as they truly are.

    Same arguments, same town.

    people     DataFrame, one row a person ever on the register, sorted by atena_no:
      person Int64: 0.. (row number)  atena_no: 15 digits (00000 + 10 with check digit)
      household Int64  household_no: 15 digits  hist_no Int64: the last generation
      jumin_code: null for those removed before 2002-08-05
      name name_kana: full-width, U+3000 between  family given family_kana given_kana: null if roman
      alias  roman: bool, = foreign  koseki_head  sex: "1" "2"
      born Date: the true day  birth_date: as registered, 1945-03-00 where unknown  birth_unk: "0" "1"
      foreign  nationality: VNM ...  (three letters)
      status C011: 1 resident, 2 moved out, 3 died  current: status 1
      entered Date: became a resident (foreigners not before 2012-07-09)  removed Date or null
      removal_reason C014  previous: the address before, one text of both widths
      age Int64: on TODAY, or what it would be
      rel_code1..4 C012  role: place in the household as in parts.MEMBERS ("first son")
      is_head: heads it, or did until removed  head_name  list_order Int64
      addr_code: 11 digits  addr_town addr_banchi addr_katagaki addr_postal  ward: 3 digits
      father mother spouse Int64: `person` of the household, if any, removed or not
      guardian Int64: of children until the March after they are 18 (the age of 児童手当): the parent
         with the higher income who lives with them; null for all others
      protected: 支援措置 (about 0.5 %)
      income Int64: yen a year, receipts (profits if self-employed), 0 for children; of those who left before 2025: 0
      work: employee self pension none   disabled
      nhi late_elderly ltci np: today; one health insurance each (or an employer's: neither nhi nor late_elderly)
      ca_recipient: guards at least one child   voter: on the roll of 1 March 2026
    households  DataFrame, by `household`:
      household_no  head Int64: person  head_atena_no head_name  members Int64: current
      mixed: Japanese and foreigners  established Date  closed Date or null  addr_... ward as above
    history    DataFrame, one row a generation of a person, in the order of people and generation; the same
      rows as truth["juki_resident"]:
      person hist_no  code Int64: 101 転入(県内) 102 転入(県外) 103 国外から 104 出生 107 職権記載 190 電算化初期登録
         201 転出(県内) 202 転出(県外) 203 国外へ 204 死亡 301 転居 305 世帯主変更
      day Date: of the event  notified Date or null  operated Date  seconds Int64: of the day  latest removed: bool
      household  head Int64: person  role rel_code1..4  members list_order: then
      address Int64: row of `addresses`  addr_since Date
    addresses  DataFrame: addr_code addr_town addr_banchi addr_katagaki addr_postal ward
    outsiders  DataFrame 住登外: atena_no name name_kana family given family_kana given_kana sex born birth_date age
      addr_city_code addr_pref addr_city addr_town addr_banchi addr_katagaki addr_postal
    companies  DataFrame 法人: atena_no corporate_no name name_kana corp_kind C040
      addr_city_code addr_pref addr_city addr_town addr_banchi addr_katagaki addr_postal tel established Date
      capital employees Int64  representative  fiscal_month Int64 (the year ends with it)  closed Date or null
    truth      standard table -> its rows in STANDARD form: all columns in order, null for what is absent
    levies     list of frames (LEVY): one row a levy, term and payer
    """

    residents: int
    seed: int = 1
    faults: float = 0.0
    city: str = CITY
    today: date = TODAY
    as_of: str = AS_OF
    truth: dict[str, pl.DataFrame] = field(default_factory=dict)
    levies: list[pl.DataFrame] = field(default_factory=list)

    def rng(self, name: str) -> np.random.Generator:
        """Luck of one's own: the same for the same seed and name, whatever others draw."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    # ---- who there is ----

    @cached_property
    def register(self) -> Register:
        return registered(self.rng("people"), self.residents)

    @property
    def people(self) -> pl.DataFrame:
        return self.register.people

    @property
    def households(self) -> pl.DataFrame:
        return self.register.households

    @property
    def history(self) -> pl.DataFrame:
        return self.register.history

    @property
    def addresses(self) -> pl.DataFrame:
        return self.register.addresses

    @cached_property
    def outsiders(self) -> pl.DataFrame:
        return outsiders(self.rng("outsiders"), max(10, round(self.residents * 0.06)))

    @cached_property
    def companies(self) -> pl.DataFrame:
        return companies(self.rng("companies"), max(20, round(self.residents * 0.04)))

    # ---- what is true ----

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Rows of a standard table: city_code and absent columns are added, all put in order and cast.

        A column that the table does not have is an error. A second call adds rows below the first ones.
        """
        columns = standard(table)
        strange = set(frame.columns) - {c.name for c in columns}
        if strange:
            raise ValueError(f"{table} has no column {', '.join(sorted(strange))}")
        given = {c: pl.col(c) for c in frame.columns} | {"city_code": pl.lit(self.city)}
        whole = frame.select(
            given.get(c.name, pl.lit(None)).cast(c.dtype).alias(c.name) for c in columns
        )
        before = self.truth.get(table)
        self.truth[table] = whole if before is None else pl.concat([before, whole])

    def levy(self, frame: pl.DataFrame) -> None:
        """Add what is to be collected: the columns of LEVY."""
        strange = set(frame.columns) ^ set(LEVY) - {"special_agent_no", "fy_no"}
        if strange - {"special_agent_no", "fy_no"}:
            raise ValueError(f"a levy lacks or does not have {', '.join(sorted(strange))}")
        given = set(frame.columns)
        self.levies.append(
            frame.select(
                (pl.col(c) if c in given else pl.lit(None)).cast(d).alias(c)
                for c, d in LEVY.items()
            )
        )

    def operated(
        self, n: int, rng: np.random.Generator, since: pl.Series | None = None
    ) -> list[pl.Series]:
        """operator_id, operated_date, operated_time of n rows, to be given to with_columns.

        `since`: no earlier than these days (pl.Date, without null; default: the last three years); no later than TODAY.
        """
        today = np.datetime64(self.today)
        first = (
            today - 1000 if since is None else np.minimum(since.to_numpy().astype("M8[D]"), today)
        )
        span = (today - first).astype(np.int64) + 1
        days = first + (rng.random(n) * np.minimum(span, 400)).astype(np.int64).astype("m8[D]")
        seconds = rng.integers(8 * 3600, 18 * 3600, n)
        return [
            pl.Series("operator_id", rng.integers(1, 25, n)).cast(pl.String).str.zfill(3).str.replace("^", "T"),
            pl.Series("operated_date", days.astype("M8[D]")).cast(pl.String),
            clock(pl.Series("operated_time", seconds)),
        ]  # fmt: skip

    # ---- what is wrong with it ----

    @cached_property
    def claims(self) -> Claims:
        """Who is whose; made when the first row is taken, after all facts."""
        checks = {t: {c.name: c.check for c in standard(t)} for t in self.truth}
        homes = self.people.select("atena_no", party="household_no")
        return Claims(self.truth, checks, homes, self.rng("claims"))

    def take(
        self, table: str, n: int, where: pl.Expr | None = None, *, alone: bool = False
    ) -> pl.DataFrame:
        """Up to n rows of a table for a fault, of people whom no other fault has taken or will get.

        Gives the rows with their number in the truth as column `_row`; fewer where there are not so many.
        A row is somebody's through its 宛名番号 and 世帯番号, or through a number (notice_no, insured_no,
        recipient_no ...) of a row that has one; taking it takes the whole household, so that neither the
        person's other rows nor the family's are touched by another fault. No two of the rows are of the same household.
        Those come first who have least business in all the other tables; `alone`: only those who have none
        (outside juki_resident, juki_household, juki_event, atena_nonresident and atena_corporation).
        """
        return self.claims.take(table, n, where, alone=alone)

    def alter(self, table: str, rows: pl.DataFrame, **columns: pl.Expr | pl.Series) -> list[str]:
        """Change columns of rows that `take` gave (expressions over these rows, or series as long).

        Gives the keys of the rows as they are afterwards.
        """
        truth = self.truth[table]
        new = rows.with_columns(**columns)
        order = np.arange(truth.height)
        order[new["_row"].to_numpy()] = truth.height + np.arange(new.height)
        changed = [
            pl.concat([truth[c], new[c].cast(truth.schema[c])]).gather(order) for c in columns
        ]
        self.truth[table] = truth.with_columns(changed)
        return self.keys(table, new)

    def spread(self, column: str, rows: pl.DataFrame, new: pl.Expr | pl.Series) -> None:
        """The same change wherever else a person's value is copied (birth_date, household_no ...).

        `rows` have atena_no and the old value; rows of any table with this atena_no or child_atena_no and
        the same old value get the new one.
        """
        pairs = rows.select("atena_no", pl.col(column).alias("_old"), _new=new).unique("atena_no")
        for table, frame in self.truth.items():
            for key in ("atena_no", "child_atena_no"):
                if {key, column} <= set(frame.columns):
                    mine = self.rows(table, pl.col(key).is_in(pairs["atena_no"].to_list()))
                    mine = mine.join(pairs, left_on=key, right_on="atena_no", maintain_order="left")
                    mine = mine.filter(pl.col(column) == pl.col("_old"))
                    self.alter(table, mine, **{column: pl.col("_new")})

    def rows(self, table: str, where: pl.Expr) -> pl.DataFrame:
        """Rows of a table with `_row`, to be altered along with taken ones (a copy of the broken value)."""
        return self.truth[table].with_row_index("_row").filter(where)

    def keys(self, table: str, rows: pl.DataFrame) -> list[str]:
        """The rows' key columns without city_code, joined by a blank: as answers.csv has them."""
        names = [c.name for c in standard(table) if c.key and c.name != "city_code"]
        return (
            rows.select(
                pl.concat_str(
                    [pl.col(c).cast(pl.String).fill_null("") for c in names], separator=" "
                )
            )
            .to_series()
            .to_list()
        )
