"""Who lives in the town, and what happened to them: numpy arrays of a household, a person, a generation.

`drawn` takes households and their generations from samples/make.py and makes a town of them: exactly so
many residents, some very old, foreigners only since there is a register of them, mixed couples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from make import NEVER, TODAY, Population, Share, names, population, roles, texts
from parts import MEMBERS, NATIONALITIES, PREVIOUS, cp932

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Days = NDArray[np.datetime64]
    Ints = NDArray[np.int64]
    Texts = NDArray[np.bytes_]

FOREIGNERS = np.datetime64("2012-07-09")
"""Since this day foreigners are on the register; who was here already was entered ex officio (107)."""

ROLES = list(MEMBERS)
SHARE = Share(gaiji=0.0)
_BY_HOUSEHOLD = ("foreign", "template", "established", "closed", "moves", "new_head")
_BY_PERSON = ("household", "place", "entered", "born", "removal", "sex")


@dataclass(frozen=True)
class Drawn:
    """A population and what `make` does not know of it."""

    of: Population
    foreign: Bools  # p
    role: Ints  # p -> ROLES
    name: Texts  # p
    kana: Texts  # p
    alias: Texts  # p
    koseki: Texts  # p
    nationality: Texts  # p
    previous: Texts  # p: 転入前住所 as one text of both widths
    father: Ints  # p -> p, -1: none in the household
    mother: Ints  # p -> p
    spouse: Ints  # p -> p


def drawn(rng: np.random.Generator, residents: int) -> Drawn:
    """Exactly so many current residents, and everybody who left or died."""
    of = population(rng, int(residents / 0.95) + 80, SHARE)
    of = chosen(of, residents, typical(rng, of))
    of = aged(rng, of)
    foreign = of.foreign[of.household] | mixed(rng, of)
    of = registered(rng, of, foreign)
    called = names(rng, of, SHARE)
    strange = names(rng, replace(of, foreign=np.ones_like(of.foreign)), SHARE)
    alone = foreign & ~of.foreign[of.household]  # the foreign wife of a Japanese
    nation = texts(NATIONALITIES)[rng.integers(0, len(NATIONALITIES), len(of.foreign))]
    before = rng.integers(0, len(PREVIOUS), len(of.foreign))[of.household]
    previous = np.where(foreign, np.array(cp932("国外")), texts(PREVIOUS)[before])
    came = np.where(foreign, True, of.entered != of.born)
    of = inside(of, foreign, before)
    role = roles(of)
    father, mother, spouse = kin(of, role)
    return Drawn(
        of=of, foreign=foreign, role=role,
        name=np.where(alone, strange.name, called.name),
        kana=np.where(alone, strange.kana, called.kana),
        alias=np.where(alone, strange.alias, called.alias),
        koseki=np.where(foreign, b"", called.koseki),
        nationality=np.where(foreign, nation[of.household], b""),
        previous=np.where(came, previous, b""),
        father=father, mother=mother, spouse=spouse,
    )  # fmt: skip


def typical(rng: np.random.Generator, of: Population) -> Bools:
    """h: all households with children or old people and half of the others: as many of each age as usual."""
    young = np.zeros(len(of.foreign), bool)
    young[of.household[of.born > np.datetime64("2009-01-01")]] = True
    old = of.born[of.first] < np.datetime64("1958-01-01")
    return young | old | (rng.random(len(old)) < 0.45)


def chosen(of: Population, residents: int, fit: Bools) -> Population:
    """The first fit households that make up the residents; foreigners who left before 2012 were never there."""
    here = np.bincount(of.household[np.isnat(of.removal)], minlength=len(of.foreign))
    last = np.full(len(of.foreign), NEVER)
    np.fmax.at(last, of.household, of.removal)
    fit = fit & ~(of.foreign & (last < FOREIGNERS + 60))
    total = np.cumsum(here * fit)
    keep = fit & (total <= residents)
    missing = residents - int((here * keep).sum())
    keep[np.flatnonzero(fit & ~keep & (here == 1))[:missing]] = True
    if int((here * keep).sum()) != residents:
        raise ValueError("too few households were drawn")
    return kept(of, keep)


def kept(of: Population, keep: Bools) -> Population:
    """Only some households, numbered anew."""
    people = keep[of.household]
    records = people[of.person]
    household, person = np.cumsum(keep) - 1, np.cumsum(people) - 1
    cut = {}
    for name, values in vars(of).items():
        mask = keep if name in _BY_HOUSEHOLD else people if name in _BY_PERSON else records
        cut[name] = values[mask]
    cut["household"], cut["person"] = household[cut["household"]], person[cut["person"]]
    return Population(**cut)


def aged(rng: np.random.Generator, of: Population) -> Population:
    """Some of the very old are older still, up to 104."""
    age = (TODAY - of.born).astype(np.int64) / 365.2425
    old = (age > 86) & np.isnat(of.removal) & (of.entered != of.born)
    old &= rng.random(len(age)) < 0.5
    more = np.where(old, (age - 86) * 0.85, 0)
    return replace(of, born=of.born - (more * 365.2425).astype("m8[D]"))


def mixed(rng: np.random.Generator, of: Population) -> Bools:
    """p: foreign wives of Japanese heads, come from abroad."""
    role = roles(of)
    wife = (role == ROLES.index("wife")) & ~of.foreign[of.household]
    wife &= (of.entered != of.born) & ~(of.removal < FOREIGNERS + 60)
    wife &= ~(of.new_head[of.household] < FOREIGNERS + 60)
    return wife & (rng.random(len(wife)) < 0.09)


def registered(rng: np.random.Generator, of: Population, foreign: Bools) -> Population:
    """Foreigners' generations: from abroad, or ex officio on the day their register began."""
    early = foreign & (of.entered < FOREIGNERS)
    entered = np.where(early, FOREIGNERS, of.entered)
    alien = foreign[of.person]
    first = of.generation == 1
    day = np.where(first & early[of.person], FOREIGNERS, of.day)
    code = np.where(first & early[of.person], 107, of.code)
    code = np.where(first & alien & ~early[of.person] & (code != 104), 103, code)
    abroad = (rng.random(len(of.foreign)) < 0.4)[of.household[of.person]]
    code = np.where(alien & abroad & ((code == 201) | (code == 202)), 203, code)
    keep = first | ~(alien & early[of.person] & (day <= FOREIGNERS))
    person = of.person[keep]
    start = np.flatnonzero(np.r_[True, person[1:] != person[:-1]])
    size = np.diff(np.r_[start, len(person)])
    generation = np.arange(len(person)) - np.repeat(start, size) + 1
    established = np.where(of.foreign, np.fmax(of.established, FOREIGNERS), of.established)
    return replace(
        of, person=person, day=day[keep], code=code[keep], generation=generation,
        latest=generation == np.repeat(size, size), removed=of.removed[keep],
        entered=entered, established=established,
    )  # fmt: skip


def inside(of: Population, foreign: Bools, before: Ints) -> Population:
    """転入: 101 from within the prefecture, 102 from another, as the former address says."""
    near = np.array([text.startswith(cp932("浅間県")) for text in PREVIOUS])[before]
    moved = ((of.code == 101) | (of.code == 102)) & ~foreign[of.person]
    return replace(of, code=np.where(moved, np.where(near[of.person], 101, 102), of.code))


def kin(of: Population, role: Ints) -> tuple[Ints, Ints, Ints]:
    """Father, mother and spouse of each person, as far as they are of the household; -1: none."""
    at = np.full((len(of.foreign), len(ROLES)), -1, np.int64)
    at[of.household, role] = np.arange(len(role))
    mine = {name: at[of.household, i] for i, name in enumerate(ROLES)}
    man = of.sex[of.first[of.household]] == 1
    nobody = np.full(len(role), -1, np.int64)
    father, mother, spouse = nobody.copy(), nobody.copy(), nobody.copy()

    def put(target: Ints, who: str, value: Ints) -> None:
        chosen = role == ROLES.index(who)
        target[chosen] = value[chosen]

    for child in ("first son", "first daughter", "second son", "married son"):
        put(father, child, np.where(man, mine["head"], nobody))
        put(mother, child, np.where(man, mine["wife"], mine["head"]))
    put(father, "son's son", mine["married son"])
    put(mother, "son's son", mine["son's wife"])
    put(father, "head", mine["father"])
    put(mother, "head", mine["mother"])
    for one, other in (
        ("wife", "head"),
        ("unmarried wife", "head"),
        ("father", "mother"),
        ("married son", "son's wife"),
    ):
        put(spouse, one, mine[other])
    put(spouse, "head", np.maximum(mine["wife"], mine["unmarried wife"]))
    put(spouse, "mother", mine["father"])
    put(spouse, "son's wife", mine["married son"])
    return father, mother, spouse
