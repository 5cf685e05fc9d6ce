"""The town's people, households, generations and addresses as frames; core.py says what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from make import JUMIN_CODES, NEVER, TODAY, addresses, counted, headed_anew, moved, with_check_digit

from town import spell
from town.lives import lived
from town.people import ROLES, Drawn, drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

RELATIONS = {
    "head": "02", "wife": "12", "unmarried wife": "14", "first son": "20", "first daughter": "20",
    "second son": "20", "married son": "20", "son's wife": "20 12", "son's son": "20 20",
    "father": "51", "mother": "52", "younger brother": "74", "elder sister": "81", "lodger": "99",
}  # fmt: skip
"""続柄 of the standard (C012), from the head on."""

REMOVALS = {201: "21", 202: "21", 203: "22", 204: "23"}
"""異動増減コード of a removal -> C014."""


class Register(NamedTuple):
    """Four frames; see Town."""

    people: pl.DataFrame
    households: pl.DataFrame
    history: pl.DataFrame
    addresses: pl.DataFrame


def registered(rng: np.random.Generator, residents: int) -> Register:
    """Draw everybody and write them down."""
    of = drawn(rng, residents)
    places = address_book(rng, len(of.of.foreign))
    history = generations(rng, of)
    heads = current_heads(of)
    people = persons(rng, of, heads, places)
    return Register(people, homes(of, people, heads, places), history, places)


def series(values: NDArray) -> pl.Series:
    """Bytes of cp932 as text, blank as null; days as dates, NEVER as null."""
    if values.dtype.kind == "M":
        return pl.Series(values.astype("M8[D]"))
    if values.dtype.kind != "S":
        return pl.Series(values)
    distinct, place = np.unique(values, return_inverse=True)
    return pl.Series([v.decode("cp932") or None for v in distinct], dtype=pl.String).gather(place)


def numbers(first: int, count: int, width: int = 9) -> pl.Series:
    """Consecutive numbers and their check digits, 15 digits.

    >>> numbers(100_000_000, 2).to_list()
    ['000001000000007', '000001000000015']
    """
    return whole(with_check_digit(first + np.arange(count), width), 15)


def whole(digits: NDArray[np.uint8], width: int) -> pl.Series:
    """Rows of ASCII digits as text of so many digits."""
    powers = 10 ** np.arange(digits.shape[1] - 1, -1, -1)
    return pl.Series((digits.astype(np.int64) - 48) @ powers).cast(pl.String).str.zfill(width)


def address_book(rng: np.random.Generator, households: int) -> pl.DataFrame:
    """Three addresses a household, in the order of their moves: row = household * 3 + moves so far."""
    drawn_ones = addresses(rng, 3 * households)
    named = {"addr_code": "addr_code", "town": "addr_town", "banchi": "addr_banchi", "katagaki": "addr_katagaki",
             "postal": "addr_postal", "ward": "ward"}  # fmt: skip
    return pl.DataFrame({named[k]: series(v) for k, v in drawn_ones.items()})


def current_heads(of: Drawn) -> NDArray[np.int64]:
    """h -> p: the head now, or the last one."""
    return of.of.first + ~np.isnat(of.of.new_head)


def persons(
    rng: np.random.Generator, of: Drawn, heads: NDArray[np.int64], places: pl.DataFrame
) -> pl.DataFrame:
    """Town.people."""
    p, household = of.of, of.of.household
    count = len(household)
    today = p.born.astype("M8[M]"), TODAY.astype("M8[M]")
    months = (today[1] - today[0]).astype(np.int64)
    day = (p.born - p.born.astype("M8[M]")).astype(np.int64)
    age = (months - (day > (TODAY - TODAY.astype("M8[M]")).astype(np.int64))) // 12
    last = np.r_[np.flatnonzero(p.person[1:] != p.person[:-1]), len(p.person) - 1]
    here = np.isnat(p.removal)
    is_head = np.zeros(count, bool)
    is_head[heads] = is_head[p.first] = True
    role = np.where(is_head, ROLES.index("head"), of.role)
    names = series(of.name)
    code = (np.arange(count) * 7919 + 135_791) % 1_000_000
    jumin = with_check_digit(code, 10)
    headed = np.where(of.role == ROLES.index("head"), np.arange(count), heads[household])
    home = household * 3 + moved(p)[last]
    _, order = counted(p, np.where(p.latest & ~p.removed, TODAY, p.day))
    life = lived(rng, of, age)
    frame = pl.DataFrame({
        "person": np.arange(count),
        "atena_no": numbers(100_000_000, count),
        "household": household,
        "household_no": numbers(300_000_000, len(p.foreign)).gather(household),
        "hist_no": p.generation[last],
        "jumin_code": pl.select(pl.when(pl.lit(pl.Series(~(p.removal < JUMIN_CODES)))).then(whole(jumin, 11))).to_series(),
        "name": names,
        "name_kana": series(of.kana),
        "alias": series(of.alias),
        "roman": of.foreign,
        "sex": p.sex.astype("S1"),
        "born": p.born,
        "birth_date": births(rng, of),
        "foreign": of.foreign,
        "nationality": series(of.nationality),
        "current": here,
        "entered": p.entered,
        "removed": p.removal,
        "removal_code": np.where(here, 0, p.code[last]),
        "age": age,
        "role": np.array(ROLES)[of.role],
        "is_head": is_head,
        "head_name": names.gather(headed),
        "list_order": order[last],
        "father": of.father, "mother": of.mother, "spouse": of.spouse,
        "koseki_head": series(of.koseki),
        "previous": series(of.previous),
        **life,
    }, strict=False)  # fmt: skip
    relation = relations(role)
    text, kin = pl.String, pl.col("father", "mother", "spouse", "guardian")
    frame = frame.with_columns(places[pl.Series(home)])
    frame = frame.with_columns(relation).with_columns(
        pl.col("sex").cast(text),
        pl.col("name_kana").pipe(spell.widened),
        birth_unk=spell.unknown("birth_date"),
        status=pl.when("current").then(pl.lit("1")).when(pl.col("removal_code") == 204)
        .then(pl.lit("3")).otherwise(pl.lit("2")),
        removal_reason=pl.col("removal_code").replace_strict(REMOVALS, default=None, return_dtype=text),
    )  # fmt: skip
    frame = frame.with_columns(pl.when(kin >= 0).then(kin).name.keep())
    return with_halves(frame).drop("removal_code")


def with_halves(frame: pl.DataFrame) -> pl.DataFrame:
    """family, given and their kana, of those whose name is not in roman letters."""
    cut = {
        "family": ("name", 0),
        "given": ("name", 1),
        "family_kana": ("name_kana", 0),
        "given_kana": ("name_kana", 1),
    }
    halves = {
        new: pl.when(~pl.col("roman")).then(
            pl.col(whole).str.split("\u3000").list.get(side, null_on_oob=True)
        )
        for new, (whole, side) in cut.items()
    }
    return frame.with_columns(**halves)


def births(rng: np.random.Generator, of: Drawn) -> pl.Series:
    """The birth date as the register has it: of some of the old the day, or the month too, is unknown."""
    p = of.of
    vague = (p.born < np.datetime64("1955")) & (p.entered != p.born)
    vague &= rng.random(len(vague)) < 0.02
    all_of_it = vague & (rng.random(len(vague)) < 0.5)
    text = pl.Series(p.born).cast(pl.String)
    part = pl.select(
        pl.when(pl.lit(pl.Series(all_of_it))).then(text.str.slice(0, 5) + "00-00")
        .when(pl.lit(pl.Series(vague))).then(text.str.slice(0, 8) + "00").otherwise(text)
    )  # fmt: skip
    return part.to_series()


def relations(role: NDArray[np.int64]) -> list[pl.Series]:
    """rel_code1 to rel_code4 of roles."""
    found = []
    for place in range(4):
        codes = [(RELATIONS[name].split() + [None] * 4)[place] for name in ROLES]
        found.append(pl.Series(f"rel_code{place + 1}", codes, dtype=pl.String).gather(role))
    return found


def homes(
    of: Drawn, people: pl.DataFrame, heads: NDArray[np.int64], places: pl.DataFrame
) -> pl.DataFrame:
    """Town.households."""
    p = of.of
    here = np.isnat(p.removal)
    count = len(p.foreign)
    members = np.bincount(p.household[here], minlength=count)
    strange = np.bincount(p.household[here & of.foreign], minlength=count)
    mine = people[pl.Series(heads)]
    shown = [c for c in mine.columns if c.startswith("addr_")]
    return pl.DataFrame({
        "household": np.arange(count),
        "household_no": mine["household_no"],
        "head": heads,
        "head_atena_no": mine["atena_no"],
        "head_name": mine["name"],
        "members": members,
        "mixed": (strange > 0) & (strange < members),
        "established": p.established,
        "closed": p.closed,
        **{c: mine[c] for c in (*shown, "ward")},
    })  # fmt: skip


def generations(rng: np.random.Generator, of: Drawn) -> pl.DataFrame:
    """Town.history."""
    p = of.of
    household = p.household[p.person]
    anew = headed_anew(p)
    heading = anew & (p.place[p.person] == 1)
    role = np.where(heading, ROLES.index("head"), of.role[p.person])
    members, order = counted(p, np.where(p.latest & ~p.removed, TODAY, p.day))
    times = moved(p)
    last_move = np.where(times == 0, NEVER, p.moves[household, np.maximum(times, 1) - 1])
    notified = np.minimum(p.day + rng.integers(0, 14, len(p.day)).astype("m8[D]"), TODAY)
    official = np.isin(p.code, (107, 190))
    seconds = rng.integers(8, 18, len(p.day)) * 3_600 + rng.integers(0, 3_600, len(p.day))
    return pl.DataFrame({
        "person": p.person,
        "hist_no": p.generation,
        "code": p.code,
        "day": p.day,
        "notified": np.where(official, NEVER, notified),
        "operated": notified,
        "seconds": seconds,
        "latest": p.latest,
        "removed": p.removed,
        "household": household,
        "head": p.first[household] + anew,
        "role": np.array(ROLES)[role],
        "members": members,
        "list_order": order,
        "address": household * 3 + times,
        "addr_since": np.fmax(p.entered[p.person], last_move),
    }).with_columns(relations(role))  # fmt: skip
