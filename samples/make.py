"""Invented legacy files of the ASAMA host: a small one full of nasty cases, or a big clean one.

    python samples/make.py --records 1000 --seed 1 --into samples/asama
    python samples/make.py --records 1000000 --plain big.dat

Nobody in these files exists: names are put together from parts, the prefecture (48) and its postal
codes (000....) do not exist, every 住民票コード begins with 0000, and there is no 個人番号 at all.
The same records and seed give the same bytes.

How it works: `population` draws households as numpy arrays, `page` lays them out as a byte matrix
with the offsets of layouts/legacy/asama/resident/, and `samples/cases.py` damages chosen records.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from cases import Place, Record, damaged, write_cases
from parts import (
    BUILDINGS,
    FOREIGN_GIVEN,
    FOREIGN_SURNAMES,
    GIVEN,
    HOUSEHOLDS,
    MEMBERS,
    NATIONALITIES,
    PREVIOUS,
    SURNAMES,
    TOWNS,
    WIDE_NUMBERS,
    cp932,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]
    Days = NDArray[np.datetime64]
    Ints = NDArray[np.int64]
    Texts = NDArray[np.bytes_]

LAYOUT = Path(__file__).parent.parent / "layouts" / "legacy" / "asama" / "resident"
CITY = "482013"
EXTRACTED = "20260401000000"
TODAY = np.datetime64("2026-03-31")
COMPUTERISED = np.datetime64("1990-10-01")
"""Who was a resident before this day begins with a generation of code 190."""

JUMIN_CODES = np.datetime64("2002-08-05")
"""Who was removed before this day never got a 住民票コード."""

NEVER = np.datetime64("NaT", "D")
ERAS = np.array(["1868-01-01", "1912-07-30", "1926-12-25", "1989-01-08", "2019-05-01"], "M8[D]")
ERA_YEARS = np.array([1868, 1912, 1926, 1989, 2019])
BLOCK = 20_000
"""Households drawn at a time; what bounds the memory."""


@dataclass(frozen=True)
class Share:
    """How much of the unusual a file has: shares of names, of births, of single households."""

    gaiji: float = 0.02
    unknown_birth: float = 0.02
    old_removed: float = 0.05
    alone: bool = False  # every household one person, every person one record


@dataclass(frozen=True)
class Population:
    """Households, their people, and one record for each generation of each person.

    `by_*` arrays have one entry a household (h), a person (p) or a record (r).
    """

    household: Ints  # p -> h
    place: Ints  # p -> position in the household, head first
    person: Ints  # r -> p
    day: Days  # r: the event that made the generation
    code: Ints  # r: 異動増減コード
    generation: Ints  # r: from 1
    latest: Bools  # r
    removed: Bools  # r
    foreign: Bools  # h
    template: Ints  # h -> row of HOUSEHOLDS
    established: Days  # h
    closed: Days  # h
    moves: Days  # h x 2
    new_head: Days  # h: the day the second member became head
    entered: Days  # p
    born: Days  # p
    removal: Days  # p
    sex: Ints  # p

    @property
    def first(self) -> Ints:
        """h -> its head's p."""
        return np.searchsorted(self.household, np.arange(len(self.foreign)))

    def upto(self, records: int) -> Population:
        """The first households whose records are not more than `records`."""
        ends = np.searchsorted(self.household[self.person], np.arange(len(self.foreign)), "right")
        households = int(np.searchsorted(ends, records, "right"))
        people = int(np.searchsorted(self.household, households))
        kept = int(np.searchsorted(self.person, people))
        by_household = ("foreign", "template", "established", "closed", "moves", "new_head")
        by_person = ("household", "place", "entered", "born", "removal", "sex")
        cut = dict.fromkeys(by_household, households) | dict.fromkeys(by_person, people)
        return Population(
            **{name: values[: cut.get(name, kept)] for name, values in vars(self).items()}
        )


def between(rng: np.random.Generator, low: Days, high: Days) -> Days:
    """A random day from `low` to the day before `high`; NEVER where there is none."""
    span = (high - low).astype(np.int64)
    day = low + (rng.random(span.shape) * np.maximum(span, 1)).astype("m8[D]")
    return np.where(span > 0, day, NEVER)


def years(number: NDArray[np.float64]) -> NDArray[np.timedelta64]:
    return (number * 365.2425).astype("m8[D]")


@dataclass
class Homes:
    """Households before anything happens to them: h x 1, or h x place in the household."""

    template: Ints
    exists: Bools  # h x m
    foreign: Bools
    old: Bools  # 除票 of which only the last generation is left
    born: Days  # h x m
    entered: Days  # h x m
    sex: Ints  # h x m
    established: Days
    moves: Days  # h x 2
    end: Days  # when somebody will die or all will leave, if they do


def population(rng: np.random.Generator, count: int, share: Share) -> Population:
    """Draw `count` households and all that happens to them."""
    home = homes(rng, count, share)
    luck = np.where(np.isnat(home.end) | share.alone, 1.0, rng.random(count))
    mortal = np.array([h.mortal for h in HOUSEHOLDS])[home.template]
    grey = home.born[:, 0] < TODAY - years(np.full(count, 55.0))
    left = (luck < 0.04) & ~home.old
    died = (luck < 0.14) & (mortal >= 0) & ((mortal != 0) | grey) & ~home.foreign & ~left
    died |= home.old
    single = home.exists.sum(1) == 1
    removal: Days = np.full(home.exists.shape, NEVER)
    removal[left] = np.where(home.exists[left], home.end[left, None], NEVER)
    removal[died, np.maximum(mortal, 0)[died]] = home.end[died]
    closed = np.where(left | (died & single), home.end, NEVER)
    new_head = np.where(died & (mortal == 0) & ~single, home.end, NEVER)

    household, place = np.nonzero(home.exists)
    entered, born, removal = (m[home.exists] for m in (home.entered, home.born, removal))
    begun = np.maximum(entered, COMPUTERISED)
    days = np.stack([begun, *home.moves.T[:, household], new_head[household], removal], axis=1)
    made = ~np.isnat(days)
    made[:, 1:4] &= (days[:, 1:4] > begun[:, None]) & ~(days[:, 1:4] >= removal[:, None])
    made[home.old[household], :4] = False
    codes = np.empty(days.shape, np.int64)
    origin = np.where(home.foreign, 103, rng.integers(101, 103, count))[household]
    codes[:, 0] = np.where(entered < COMPUTERISED, 190, np.where(entered == born, 104, origin))
    codes[:, 1:4] = 301, 301, 305
    codes[:, 4] = np.where(left[household], rng.integers(201, 203, count)[household], 204)
    person, column = np.nonzero(made)
    generation = made.cumsum(1)[person, column]
    return Population(
        household=household, place=place, person=person,
        day=days[person, column], code=codes[person, column],
        generation=generation, latest=generation == made.sum(1)[person], removed=column == 4,
        foreign=home.foreign, template=home.template, established=home.established,
        closed=closed, moves=home.moves, new_head=new_head,
        entered=entered, born=born, removal=removal, sex=home.sex[home.exists],
    )  # fmt: skip


def homes(rng: np.random.Generator, count: int, share: Share) -> Homes:
    """Draw who lives together since when, and when they move."""
    weights = np.array([h.weight for h in HOUSEHOLDS], float)
    template = rng.choice(len(HOUSEHOLDS), count, p=weights / weights.sum())
    if share.alone:
        template[:] = 0
    ages = np.array([h.head_age for h in HOUSEHOLDS], float)[template]
    exists, gap, sex = member_tables()
    exists, gap, sex = exists[template], gap[template], sex[template]
    single = exists.sum(1) == 1
    foreign = (rng.random(count) < 0.07) & (exists.sum(1) <= 2)
    head_age = ages[:, 0] + rng.random(count) * (ages[:, 1] - ages[:, 0])
    gaps = gap[..., 0] + rng.random(exists.shape) * (gap[..., 1] - gap[..., 0])
    born = TODAY - years(np.maximum(head_age[:, None] + gaps, 0.02))
    sex = np.where(sex == 0, rng.integers(1, 3, sex.shape), sex)

    native = (rng.random(count) < 0.45) & ~foreign
    grown = born[:, 0] + years(np.full(count, 18.5))
    earliest = np.where(foreign, np.maximum(grown, np.datetime64("1992-01-01")), grown)
    arrival = np.fmin(between(rng, earliest, np.full(count, TODAY - 90)), TODAY - 60)
    entered = np.where(native[:, None], born, np.maximum(arrival[:, None], born))
    came_of_age = np.minimum(born[:, 0] + years(22 + rng.random(count) * 8), TODAY - 60)
    established = np.where(native, came_of_age, arrival)

    old = single & ~foreign & (rng.random(count) < share.old_removed)
    old_end = between(rng, np.full(count, COMPUTERISED + 1), np.full(count, np.datetime64("2002")))
    born[old, 0] = (old_end - years(62 + rng.random(count) * 33))[old]
    entered[old, 0] = born[old, 0]
    established = np.where(old, born[:, 0] + years(np.full(count, 25.0)), established)

    start = np.maximum(established, COMPUTERISED) + 30
    moves = np.sort([between(rng, start, np.full(count, TODAY - 200)) for _ in range(2)], axis=0).T
    number = rng.choice(3, count, p=[0.82, 0.14, 0.04])
    number[old | np.isnat(moves).any(1) | (moves[:, 0] == moves[:, 1]) | share.alone] = 0
    moves[number < 1, 0] = NEVER
    moves[number < 2, 1] = NEVER
    final = np.where(exists, entered, established[:, None]).max(1)
    final = np.fmax(np.fmax(final, moves[:, 0]), moves[:, 1])
    end = between(rng, np.maximum(final, COMPUTERISED) + 30, np.full(count, TODAY - 20))
    end = np.where(old, old_end, end)
    return Homes(template, exists, foreign, old, born, entered, sex, established, moves, end)


def member_tables() -> tuple[Bools, NDArray[np.float64], Ints]:
    """Of each kind of household and place in it: is there one, years from the head, sex."""
    shape = (len(HOUSEHOLDS), max(1 + len(h.members) for h in HOUSEHOLDS))
    exists, gap, sex = np.zeros(shape, bool), np.zeros((*shape, 2)), np.zeros(shape, np.int64)
    for row, kind in enumerate(HOUSEHOLDS):
        exists[row, 0], sex[row, 0] = True, kind.head_sex
        for column, name in enumerate(kind.members, 1):
            member = MEMBERS[name]
            exists[row, column], sex[row, column], gap[row, column] = True, member.sex, member.gap
    return exists, gap, sex


# ---- laying out ----


def places(record: str) -> dict[str, Place]:
    """The fields of a record type, from its layout; repeated ones as one run."""
    found, at = {}, 0
    with (LAYOUT / f"{record}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            size = int(row["bytes"]) * int(row["times"] or 1)
            found[row["name"]] = Place(at, size, row["type"])
            at += size
    return found


def digits(values: Ints, width: int) -> Bytes:
    """Numbers as ASCII digits with leading zeros, one row a number."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (values[:, None] // powers % 10 + 48).astype(np.uint8)


def with_check_digit(values: Ints, width: int) -> Bytes:
    """Digits and behind them the check digit M11W2-7 (domain facts, 5.1)."""
    body = digits(values, width)
    weights = np.arange(width - 1, -1, -1) % 6 + 2
    rest = ((body - 48) * weights).sum(1) % 11
    return np.column_stack([body, np.where(rest <= 1, 0, 11 - rest) + 48]).astype(np.uint8)


def overpunched(values: Ints, width: int) -> Bytes:
    """Signed zoned digits: {A-I for plus, }J-R for minus, on the last digit."""
    body = digits(np.abs(values), width)
    last = body[:, -1] - 48
    plus, minus = (np.frombuffer(signs, np.uint8)[last] for signs in (b"{ABCDEFGHI", b"}JKLMNOPQR"))
    body[:, -1] = np.where(values < 0, minus, plus)
    return body


def era_days(days: Days) -> Bytes:
    """GYYMMDD with 1-5 for 明治 to 令和; blank for NEVER."""
    known = np.where(np.isnat(days), TODAY, days)
    era = np.searchsorted(ERAS, known, "right") - 1
    year, month, day = calendar(known)
    number = (era + 1) * 1_000_000 + (year - ERA_YEARS[era] + 1) * 10_000 + month * 100 + day
    return np.where(np.isnat(days)[:, None], np.uint8(0x20), digits(number, 7))


def western_days(days: Days) -> Bytes:
    """YYYYMMDD; blank for NEVER."""
    year, month, day = calendar(np.where(np.isnat(days), TODAY, days))
    written = digits(year * 10_000 + month * 100 + day, 8)
    return np.where(np.isnat(days)[:, None], np.uint8(0x20), written)


def calendar(days: Days) -> tuple[Ints, Ints, Ints]:
    months = days.astype("M8[M]")
    year = days.astype("M8[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    return year, month, (days - months).astype(np.int64) + 1


def padded(values: Texts, place: Place) -> Bytes:
    """Texts as rows of a field's width: wide fields end in 8140, others in 20."""
    if np.strings.str_len(values).max() > place.bytes:
        raise ValueError(f"a text is longer than the {place.bytes} bytes of its field")
    rows = values.astype(f"S{place.bytes}").view(np.uint8).reshape(len(values), place.bytes)
    blank = b"\x81\x40" * (place.bytes // 2) if place.type == "wide" else b" " * place.bytes
    return np.where(rows == 0, np.frombuffer(blank, np.uint8), rows)


def texts(values: Sequence[bytes]) -> Texts:
    return np.array(values, dtype=bytes)


def glued(*parts: Texts) -> Texts:
    """Texts put together, element by element."""
    whole = parts[0]
    for part in parts[1:]:
        whole = np.strings.add(whole, part)
    return whole


@dataclass(frozen=True)
class Names:
    """Of each person: name and kana, 通称, 筆頭者."""

    name: Texts
    kana: Texts
    alias: Texts
    koseki: Texts


def names(rng: np.random.Generator, of: Population, share: Share) -> Names:
    """Draw names: one surname a household, but for those who keep their own."""
    households, people = len(of.foreign), len(of.household)
    foreign = of.foreign[of.household]
    role = roles(of)
    weight = np.array([s.weight for s in SURNAMES])
    family = rng.choice(len(SURNAMES), households, p=weight / weight.sum())
    own = rng.choice(len(SURNAMES), people, p=weight / weight.sum())
    keeps = np.array([m.own_name for m in MEMBERS.values()])[role]
    chosen = np.where(keeps, own, family[of.household])
    surname = texts([s.kanji for s in SURNAMES])[chosen]
    surname = with_gaiji(rng, surname, share.gaiji, np.where(keeps, -1, of.household))
    surname_kana = texts([s.kana for s in SURNAMES])[chosen]
    given, given_kana = given_names(rng, GIVEN, of.sex)
    ancestor, _ = given_names(rng, GIVEN, np.ones(people, np.int64))
    alien = rng.integers(0, len(FOREIGN_SURNAMES), households)[of.household]
    alien_given, alien_kana = given_names(rng, FOREIGN_GIVEN, of.sex)

    gap, narrow = np.array(cp932("\u3000")), np.array(b" ")
    japanese = glued(surname, gap, given)
    roman = glued(texts([s.kanji for s in FOREIGN_SURNAMES])[alien], gap, alien_given)
    name = np.where(foreign, roman, japanese)
    kana = np.where(
        foreign,
        glued(texts([s.kana for s in FOREIGN_SURNAMES])[alien], narrow, alien_kana),
        glued(surname_kana, narrow, given_kana),
    )
    named = foreign & (rng.random(people) < 0.3)
    heads = np.array([m.koseki for m in MEMBERS.values()])[role]
    alone = (of.place == 0) & ~np.array([h.married for h in HOUSEHOLDS])[of.template[of.household]]
    register = name[of.first[of.household] + np.maximum(heads, 0)]
    koseki = np.where((heads < 0) | alone, glued(surname, gap, ancestor), register)
    return Names(name, kana, np.where(named, japanese, b""), np.where(foreign, b"", koseki))


def given_names(
    rng: np.random.Generator, lists: dict[int, list[tuple[bytes, bytes]]], sex: Ints
) -> tuple[Texts, Texts]:
    """Given names with their kana, by sex."""
    sides = []
    for number in (1, 2):
        pairs = lists[number]
        pick = rng.integers(0, len(pairs), len(sex))
        sides.append([texts([p[side] for p in pairs])[pick] for side in (0, 1)])
    men = sex == 1
    return np.where(men, sides[0][0], sides[1][0]), np.where(men, sides[0][1], sides[1][1])


def with_gaiji(rng: np.random.Generator, surname: Texts, share: float, household: Ints) -> Texts:
    """Some families' first character as a user-defined one, F040 to F9FC."""
    count = int(household.max(initial=0)) + 1
    strange = (rng.random(count) < share)[household] & (household >= 0)
    lead = rng.integers(0xF0, 0xFA, count)[household]
    trail = rng.integers(0x40, 0xFC, count)[household]
    trail += trail >= 0x7F
    width = surname.dtype.itemsize
    raw = surname.view(np.uint8).reshape(-1, width).copy()
    raw[strange, 0], raw[strange, 1] = lead[strange], trail[strange]
    return raw.view(f"S{width}")[:, 0]


def roles(of: Population) -> Ints:
    """p -> row of MEMBERS."""
    order = list(MEMBERS)
    width = max(1 + len(h.members) for h in HOUSEHOLDS)
    table = np.zeros((len(HOUSEHOLDS), width), np.int64)
    for row, kind in enumerate(HOUSEHOLDS):
        table[row, : 1 + len(kind.members)] = [order.index(n) for n in ("head", *kind.members)]
    return table[of.template[of.household], of.place]


class Page:
    """The bytes of many records of one type, filled field by field."""

    def __init__(self, record: str, count: int) -> None:
        self.left = places(record)
        width = sum(place.bytes for place in self.left.values())
        self.rows: Bytes = np.full((count, width + 2), 0x20, np.uint8)
        self.rows[:, width:] = 0x0D, 0x0A

    def put(self, name: str, values: Bytes) -> None:
        place = self.left.pop(name)
        self.rows[:, place.at : place.at + place.bytes] = values

    def text(self, name: str, values: Texts, of: Ints | None = None) -> None:
        """Texts with blanks behind them; `of`: which text each record takes."""
        rows = padded(values, self.left[name])
        self.put(name, rows if of is None else rows[of])

    def number(self, name: str, values: Ints) -> None:
        self.put(name, digits(values, self.left[name].bytes))


def page(rng: np.random.Generator, of: Population, share: Share, serial: tuple[int, int]) -> Bytes:
    """The data records as rows of bytes, line ends included. `serial`: people, households before."""
    out = Page("resident", len(of.person))
    put_numbers(out, of, serial)
    put_person(rng, out, of, share)
    put_household(out, of)
    put_address(rng, out, of)
    put_event(rng, out, of)
    put_extras(rng, out, of)
    del out.left["reserve"]
    if out.left:
        raise ValueError(f"not filled: {', '.join(out.left)}")
    return out.rows


def put_numbers(out: Page, of: Population, serial: tuple[int, int]) -> None:
    people = np.arange(len(of.household)) + serial[0]
    households = np.arange(len(of.foreign)) + serial[1]
    out.number("record_type", np.full(len(of.person), 2))
    out.put("atena_no", with_check_digit(100_000_000 + people, 9)[of.person])
    out.number("person_hist_no", of.generation)
    household = with_check_digit(300_000_000 + households, 9)
    out.put("household_no", household[of.household[of.person]])
    code = with_check_digit((people * 7919 + 135_791) % 1_000_000, 10)  # each of a million once
    code[of.removal < JUMIN_CODES] = 0x20
    out.put("jumin_code", code[of.person])


def put_person(rng: np.random.Generator, out: Page, of: Population, share: Share) -> None:
    foreign = of.foreign[of.household]
    gone = np.where(of.code == 204, 4, 3) + np.where(foreign[of.person], 3, 0)
    out.number("resident_class", np.where(of.removed, gone, np.where(foreign[of.person], 2, 1)))
    called = names(rng, of, share)
    out.text("head_name", called.name, of.first[of.household[of.person]] + headed_anew(of))
    out.text("name", called.name, of.person)
    out.text("name_kana", called.kana, of.person)
    out.text("alias", called.alias, of.person)
    out.text("koseki_head", called.koseki, of.person)
    birth = era_days(of.born)
    vague = (of.born < np.datetime64("1955")) & (of.entered != of.born)
    vague &= rng.random(len(vague)) < share.unknown_birth
    birth[vague, 5:] = 0x30
    vague &= rng.random(len(vague)) < 0.5
    birth[vague, 3:] = 0x30
    out.put("birth", birth[of.person])
    out.number("sex", of.sex[of.person])
    nation = texts(NATIONALITIES)[rng.integers(0, len(NATIONALITIES), len(of.foreign))]
    out.text("nationality", np.where(foreign, nation[of.household], b""), of.person)


def headed_anew(of: Population) -> Bools:
    """r: the second member heads the household by then."""
    return (of.new_head[of.household[of.person]] <= of.day) & ~of.removed


def put_household(out: Page, of: Population) -> None:
    household, changed = of.household[of.person], headed_anew(of)
    relations = texts([m.relation for m in MEMBERS.values()])[roles(of)][of.person]
    heading = changed & (of.place[of.person] == 1)
    out.text("rel", np.where(heading, b"01", relations))
    members, order = counted(of, np.where(of.latest & ~of.removed, TODAY, of.day))
    out.number("member_count", members)
    out.number("list_order", order)
    out.number("household_hist_no", 1 + moved(of) + changed)
    out.put("household_set", era_days(of.established)[household])
    out.put("household_closed", era_days(np.where(of.removed, of.closed[household], NEVER)))
    heads = of.latest & ~of.removed & (heading | ((of.place[of.person] == 0) & ~changed))
    out.number("koho", np.where(heads, 1 + (household % 17 == 0), 0))


def moved(of: Population) -> Ints:
    """r: how often the household had moved by then."""
    before: Bools = of.moves[of.household[of.person]] <= of.day[:, None]
    times: Ints = np.count_nonzero(before, axis=1)
    return times


def put_address(rng: np.random.Generator, out: Page, of: Population) -> None:
    household, times = of.household[of.person], moved(of)
    for name, values in addresses(rng, 3 * len(of.foreign)).items():
        out.text(name, values, household * 3 + times)
    last = np.where(times == 0, NEVER, of.moves[household, np.maximum(times, 1) - 1])
    out.put("became", era_days(of.entered)[of.person])
    out.put("addr_since", era_days(np.fmax(of.entered[of.person], last)))
    foreign = of.foreign[of.household]
    before = texts(PREVIOUS)[rng.integers(0, len(PREVIOUS), len(of.foreign))][of.household]
    before = np.where(foreign, cp932("国外"), before)
    out.text("prev_addr", np.where(of.entered != of.born, before, b""), of.person)
    town = rng.integers(0, len(TOWNS), len(of.foreign))
    domicile = glued(
        np.array(cp932("浅間県浅間市")),
        texts([t.name for t in TOWNS])[town],
        texts(WIDE_NUMBERS)[rng.integers(1, 100, len(town))],
        np.array(cp932("番地")),
    )[of.household]
    out.text("domicile", np.where(foreign, b"", domicile), of.person)


def put_event(rng: np.random.Generator, out: Page, of: Population) -> None:
    records = len(of.person)
    out.put("event", era_days(of.day))
    out.number("event_code", of.code)
    notified = np.minimum(of.day + rng.integers(0, 14, records).astype("m8[D]"), TODAY)
    out.put("notified", western_days(np.where(of.code == 190, NEVER, notified)))
    out.put("updated_date", western_days(notified))
    clock = rng.integers(8, 18, records) * 10_000 + rng.integers(0, 60, records) * 100
    out.number("updated_time", clock + rng.integers(0, 60, records))
    desks = texts([b"T%03d" % number for number in range(1, 25)])
    out.text("terminal", desks[rng.integers(0, len(desks), records)])
    out.number("latest", np.where(of.latest, 0, 1))
    out.number("deleted", np.zeros(records, np.int64))


def put_extras(rng: np.random.Generator, out: Page, of: Population) -> None:
    """What other systems copy here, and what has no home in the standard."""
    people, household = len(of.household), of.household[of.person]
    age = (TODAY - of.born).astype(np.int64) / 365.2425
    here = np.isnat(of.removal)
    earns = (age >= 20) & here & (rng.random(people) < 0.6)
    tax = (rng.random(people) ** 3 * 4_000).astype(np.int64) * 100
    out.number("last_year_tax", np.where(earns, tax, 0)[of.person])
    owed = np.where(rng.random(people) < 0.04, rng.integers(-9_999, 10_000, people), 0)
    out.put("overpaid", overpunched(owed, out.left["overpaid"].bytes)[of.person])
    out.number("han", 1 + household % 24)
    out.number("print_order", 10 * (1 + household % 40))
    current = of.latest & ~of.removed
    out.number("restraint", (current & (household % 211 == 7)).astype(np.int64))
    voter = here & (age >= 18) & ~of.foreign[of.household]
    out.number("voter", (current & voter[of.person]).astype(np.int64))
    insured = insurance(age, rng.random(people))
    out.number("insurance", np.where(current, insured[of.person], 0))


def counted(of: Population, on: Days) -> tuple[Ints, Ints]:
    """Of each record: the household's living members on a day, and the person's place there."""
    household = of.household[of.person]
    members, order = np.zeros(len(on), np.int64), np.zeros(len(on), np.int64)
    first, size = of.first, np.bincount(of.household, minlength=len(of.foreign))
    for place in range(int(size.max())):
        other = np.minimum(first[household] + place, len(of.household) - 1)
        there = (place < size[household]) & (of.entered[other] <= on) & ~(of.removal[other] <= on)
        members += there
        order += there & (place <= of.place[of.person])
    return members, np.where(of.removed, of.place[of.person] + 1, order)


def addresses(rng: np.random.Generator, count: int) -> dict[str, Texts]:
    """Addresses in 浅間市, by field."""
    town = rng.integers(0, len(TOWNS), count)
    numbers = texts(WIDE_NUMBERS)
    lot = glued(numbers[rng.integers(1, 400, count)], np.array(cp932("番地")))
    branch = numbers[rng.integers(1, 60, count)]
    building = texts(BUILDINGS)[rng.integers(0, len(BUILDINGS), count)]
    floor, room = rng.integers(1, 6, count), rng.integers(1, 9, count)
    flat = glued(building, numbers[floor * 100 + room], np.array(cp932("号")))
    return {
        "addr_code": texts([t.code for t in TOWNS])[town],
        "town": texts([t.name for t in TOWNS])[town],
        "banchi": np.where(rng.random(count) < 0.7, glued(lot, branch), lot),
        "katagaki": np.where(rng.random(count) < 0.3, flat, b""),
        "postal": texts([t.postal for t in TOWNS])[town],
        "ward": texts([t.ward for t in TOWNS])[town],
    }


def insurance(age: NDArray[np.float64], luck: NDArray[np.float64]) -> Ints:
    """資格区分 by age: four qualifications in one digit."""
    young, adult = np.where(luck < 0.25, 1, 0), np.select([luck < 0.2, luck < 0.35], [2, 5], 0)
    elder = np.where(luck < 0.7, 3, 6)
    return np.select([age >= 75, age >= 65, (age >= 20) & (age < 60)], [4, elder, adult], young)


# ---- files ----


def pages(records: int, seed: int, share: Share) -> Iterator[Bytes]:
    """Data records, block by block, `records` in all."""
    people = households = block = 0
    while records:
        rng = np.random.default_rng([seed, block])
        if records < 30:  # what is left over: exactly one record a household
            share = replace(share, alone=True, old_removed=0)
        count = records if share.alone else min(BLOCK, records // 3)
        drawn = population(rng, count, share).upto(records)
        yield page(rng, drawn, share, (people, households))
        people += len(drawn.household)
        households += len(drawn.foreign)
        records -= len(drawn.person)
        block += 1


def single(record: str, **values: str) -> Record:
    """A header or trailer, with its line end."""
    line = bytearray()
    for name, place in places(record).items():
        line += values.pop(name, "").encode("ascii").ljust(place.bytes)
    if values:
        raise ValueError(f"no field {', '.join(values)}")
    return line + b"\r\n"


def header() -> Record:
    return single(
        "header", record_type="1", system_id="ASAMA-JK", file_name="JUKI0100",
        city_code=CITY, extracted_at=EXTRACTED, run_no="001", book_version="0401",
    )  # fmt: skip


def trailer(records: int, tax: int) -> Record:
    return single(
        "trailer", record_type="9", file_name="JUKI0100",
        record_count=f"{records:09}", tax_total=f"{tax:013}",
    )  # fmt: skip


def tax_of(rows: Bytes) -> int:
    """What 前年度住民税額 adds up to."""
    place = places("resident")["last_year_tax"]
    figures = rows[:, place.at : place.at + place.bytes].astype(np.int64) - 48
    return int((figures * 10 ** np.arange(place.bytes - 1, -1, -1)).sum())


def write_plain(path: Path, records: int, seed: int) -> None:
    """A clean file of any size, for measuring."""
    tax = 0
    with path.open("wb") as file:
        file.write(header())
        for rows in pages(records, seed, Share()):
            tax += tax_of(rows)
            file.write(rows.tobytes())
        file.write(trailer(records, tax))


def write_sample(folder: Path, records: int, seed: int) -> None:
    """resident.dat with its nasty cases, and cases.csv that lists them."""
    share = Share(gaiji=0)
    rows = np.concatenate(list(pages(records, seed, share)))
    found = damaged([bytearray(r[:-2].tobytes()) for r in rows], places("resident"))
    body = b"".join(found.lines)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "resident.dat").write_bytes(header() + body + trailer(records, found.tax))
    write_cases(folder / "cases.csv", found.cases)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make invented legacy files of the ASAMA host.")
    parser.add_argument("--records", type=int, default=1000, help="data records (default 1000)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same bytes (default 1)")
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--into", type=Path, metavar="DIR", help="the sample with its nasty cases")
    target.add_argument("--plain", type=Path, metavar="FILE", help="one clean file, however big")
    asked = parser.parse_args()
    if asked.plain:
        write_plain(asked.plain, asked.records, asked.seed)
    else:
        write_sample(asked.into, asked.records, asked.seed)


if __name__ == "__main__":
    main()
