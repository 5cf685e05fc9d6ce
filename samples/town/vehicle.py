"""軽自動車税: the small vehicles of residents, outsiders and companies, what happened to them, and what is levied
on those that were in use on 1 April 2025.

`facts` works in three steps: `vehicles` draws one row a vehicle (`vehicle_kinds` what it is and bears),
`generations` one row an event, `vehicle_levy.levies` the tax of the year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import standard
from town.vehicle_faults import FAULTS
from town.vehicle_kinds import described, plated
from town.vehicle_levy import levied, levies

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

__all__ = ["FAULTS", "facts"]

ADULT, ELDEST = 18, 88
SINCE = np.datetime64("2004-04-01")
LEASED = ("23", "25", "26")
"""Kinds of which some belong to the dealer until they are paid off."""

ENDS = ("11", "11", "11", "11", "12", "12", "13", "14")


def facts(town: Town) -> None:
    """Fill the two tables of 軽自動車税 and the year's levies."""
    cars = plated(described(town.rng("lv_vehicle kinds"), vehicles(town)))
    rows = generations(town, cars)
    town.add("lv_vehicle", _of_table("lv_vehicle", rows))
    tax = levies(town, rows)
    town.add("lv_levy", _of_table("lv_levy", tax))
    town.levy(levied(tax))


def _of_table(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The table's columns that the frame has."""
    return frame.select(c.name for c in standard(table) if c.name in frame.columns)


def vehicles(town: Town) -> pl.DataFrame:
    """One row a vehicle: `keeper` (who has it today), whether a body, registered, scrapped, and where it is kept."""
    rng = town.rng("lv_vehicle")
    away = pl.lit(None, pl.Date)
    home = ("addr_town", "addr_banchi")
    people = town.people.filter(
        pl.col("age").is_between(ADULT, ELDEST)
        & (pl.col("current") | (pl.col("removed") > pl.date(2019, 4, 1)))
    )
    firms = town.companies.select("atena_no", *home, "closed", kind=pl.lit("firm"), came="established", gone="closed", here=pl.col("addr_city_code") == town.city)  # fmt: skip
    keepers = pl.concat([
        people.select("atena_no", *home, kind=pl.lit("person"), came="entered", gone="removed", here=pl.lit(value=True)),
        town.outsiders.select("atena_no", *home, kind=pl.lit("outsider"), came=away, gone=away, here=pl.lit(value=False)),
        firms.drop("closed"),
    ])  # fmt: skip
    mean = keepers["kind"].replace_strict(
        {"person": 0.62, "outsider": 0.2, "firm": 1.3}, return_dtype=pl.Float64
    )
    many = np.minimum(rng.poisson(mean.to_numpy()), 7)
    cars = keepers[np.repeat(np.arange(keepers.height), many)]
    count = cars.height
    today = np.datetime64(town.today)
    came = np.maximum(
        cars["came"].fill_null(SINCE.astype(object)).to_numpy().astype("M8[D]"), SINCE
    )
    gone = cars["gone"].fill_null(town.today).to_numpy().astype("M8[D]")
    last = np.minimum(gone, today)
    late = np.maximum(came, last - 1 - (rng.random(count) ** 1.6 * 5_800).astype("m8[D]"))
    registered = np.minimum(late, last)
    ended = rng.random(count) < 0.14
    stopped = registered + (rng.random(count) * ((last - registered).astype(int) + 1)).astype(
        "m8[D]"
    )
    scrapped = np.where(
        gone < today, gone, np.where(ended & (stopped > registered), stopped, np.datetime64("NaT"))
    )
    return cars.rename({"atena_no": "keeper", "kind": "keeper_kind"}).with_columns(
        registered=pl.Series(registered), scrapped=pl.Series(scrapped),
        moved_in=pl.Series((registered == came) & (cars["kind"] == "person").to_numpy()),
    ).filter(pl.col("scrapped").is_null() | (pl.col("scrapped") > pl.col("registered"))).with_columns(
        serial=pl.int_range(pl.len()),
    )  # fmt: skip


def generations(town: Town, cars: pl.DataFrame) -> pl.DataFrame:
    """lv_vehicle: 新規 or 転入, then 名義変更 or 住所変更 of some, then 廃車 and the like."""
    rng = town.rng("lv_vehicle rows")
    count = cars.height
    cars = _owned(town, rng, cars)
    span = (pl.coalesce("scrapped", pl.lit(town.today)) - pl.col("registered")).dt.total_days()
    half = pl.col("registered") + pl.duration(
        days=(span * pl.Series(rng.uniform(0.2, 0.8, count))).cast(pl.Int64)
    )
    changed = pl.Series(rng.random(count) < 0.22) & (span > 30)
    sold = changed & pl.Series(rng.random(count) < 0.6) & (pl.col("ownership") == "1")
    before = cars["keeper"].gather(pl.Series(rng.permutation(count)))
    early = pl.Series(rng.integers(0, 10, count))
    first = cars.with_columns(
        event_reason=pl.when("moved_in").then(pl.lit("03")).otherwise(pl.lit("01")), happened="registered",
        owner_atena_no=pl.when(sold).then(before).otherwise("owner_atena_no"),
        payer_atena_no=pl.when(sold).then(before).otherwise("payer_atena_no"),
        acquired=pl.col("registered") - pl.duration(days=early),
    )  # fmt: skip
    second = cars.with_columns(
        event_reason=pl.when(sold).then(pl.lit("02")).otherwise(pl.lit("04")), happened=half,
        acquired=pl.when(sold).then(half - pl.duration(days=early)).otherwise(pl.col("registered") - pl.duration(days=early)),
    ).filter(changed)  # fmt: skip
    last = cars.with_columns(
        event_reason=pl.when((pl.col("keeper_kind") == "person") & (pl.col("gone") == pl.col("scrapped"))).then(
            pl.lit("12")
        ).otherwise(pl.Series(rng.choice(ENDS, count))),
        happened="scrapped", ended="scrapped",
        acquired=pl.when(sold).then(half - pl.duration(days=early)).otherwise(pl.col("registered") - pl.duration(days=early)),
        plate_returned=pl.Series(rng.random(count) < 0.85).cast(pl.Int8).cast(pl.String),
    ).filter(pl.col("scrapped").is_not_null())  # fmt: skip
    rows = pl.concat([first, second, last], how="diagonal").sort(
        "serial", "happened", maintain_order=True
    )
    number = pl.int_range(1, pl.len() + 1).over("serial")
    rows = rows.with_columns(
        vehicle_no=(20_000_000 + pl.col("serial") * 10).cast(pl.String).str.zfill(15),
        vehicle_hist_no=number, is_latest=(number == pl.len().over("serial")).cast(pl.Int8).cast(pl.String), is_deleted=pl.lit("0"),
        registered_date=pl.col("registered").cast(pl.String), event_date=pl.col("happened").cast(pl.String),
        acquired_date=pl.col("acquired").cast(pl.String), scrapped_date=pl.col("ended").cast(pl.String),
    )  # fmt: skip
    return rows.with_columns(town.operated(rows.height, rng, rows["happened"]))


def _owned(town: Town, rng: Generator, cars: pl.DataFrame) -> pl.DataFrame:
    """Owner, user and payer: some cars belong to the dealer while somebody else uses and pays for them."""
    dealers = town.companies.filter(pl.col("closed").is_null())["atena_no"].gather_every(10, 3)
    leased = pl.Series(rng.random(cars.height) < 0.1) & pl.col("vehicle_kind").is_in(LEASED)
    leased = leased & (pl.col("keeper_kind") == "person")
    dealer = dealers.gather(pl.Series(rng.integers(0, len(dealers), cars.height)))
    return cars.with_columns(
        ownership=pl.when(leased).then(pl.lit("2")).otherwise(pl.lit("1")),
        owner_atena_no=pl.when(leased).then(dealer).otherwise("keeper"),
        user_atena_no=pl.when(leased).then("keeper"),
        payer_atena_no=pl.col("keeper"),
    )
