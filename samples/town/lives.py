"""What people live on, and which schemes they belong to: one coherent answer a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from town.people import ROLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from town.people import Bools, Drawn, Ints

KINDS = ("employee", "self", "pension", "none")
CHILDREN_SINCE = np.datetime64("2007-04-02")
"""児童手当: until the first 31 March after the 18th birthday."""

VOTES_SINCE = (np.datetime64("2008-03-02"), np.datetime64("2025-12-01"))
"""定時登録 of 1 March 2026: born by the one, resident since the other."""


def lived(rng: np.random.Generator, of: Drawn, age: Ints) -> dict[str, NDArray]:
    """Columns of `people`: work, income, disabled, nhi ... voter, protected, guardian."""
    here = np.isnat(of.of.removal)
    recent = here | (of.of.removal >= np.datetime64("2025-01-01"))
    work = worked(rng, of, age)
    income = np.where(recent, earned(rng, work, age), 0)
    work = np.where(recent, work, 3)
    disabled = here & (rng.random(len(age)) < np.select([age < 18, age < 65], [0.02, 0.03], 0.1))
    cover = insured(rng, of, {"age": age, "work": work, "income": income, "disabled": disabled})
    guardian = guarded(of, income)
    ca = np.zeros(len(age), bool)
    child = here & (of.of.born >= CHILDREN_SINCE) & (guardian >= 0)
    ca[guardian[child]] = True
    born, since = VOTES_SINCE
    return {
        "work": np.array(KINDS)[work],
        "income": income,
        "disabled": disabled,
        **cover,
        "ca_recipient": ca,
        "voter": here & ~of.foreign & (of.of.born <= born) & (of.of.entered <= since),
        "protected": guards(rng, of, here & (age >= 18)),
        "guardian": guardian,
    }


def worked(rng: np.random.Generator, of: Drawn, age: Ints) -> Ints:
    """Index into KINDS."""
    man = of.of.sex == 1
    job = np.select(
        [age < 18, age < 23, age < 60, age < 65, age < 70, age < 75],
        [0, 0.4, np.where(man, 0.82, 0.64), 0.6, 0.3, 0.1],
    )
    trade = np.select([age < 23, age < 60, age < 75, age < 85], [0, 0.09, 0.11, 0.05])
    luck = rng.random(len(age))
    return np.select([luck < job, luck < job + trade, age >= 65], [0, 1, 2], 3)


def earned(rng: np.random.Generator, work: Ints, age: Ints) -> Ints:
    """Yen a year, whole thousands: receipts of employees and pensioners, profits of the self-employed."""
    usual = np.array([3_700_000, 2_400_000, 1_450_000, 0])[work]
    usual = np.where((work == 0) & (age < 25), 2_200_000, usual)
    spread = np.exp(rng.normal(0, np.array([0.45, 0.7, 0.4, 0.1])[work]))
    part_time = (work == 3) & (age >= 16) & (rng.random(len(work)) < 0.35)
    income = np.where(part_time, rng.integers(100, 1_000, len(work)) * 1_000, usual * spread)
    return (income // 1_000).astype(np.int64) * 1_000


def insured(rng: np.random.Generator, of: Drawn, by: dict[str, NDArray]) -> dict[str, Bools]:
    """国保, 後期高齢, 介護, 国民年金. Everybody living here has exactly one health insurance, or an employer's."""
    age, work, household = by["age"], by["work"], of.of.household
    here = np.isnat(of.of.removal)
    lodger = of.role == ROLES.index("lodger")
    elder = here & ((age >= 75) | ((age >= 65) & by["disabled"] & (rng.random(len(age)) < 0.4)))
    employee = here & (work == 0)
    families = len(of.of.foreign)
    covered = np.zeros(families, bool)
    covered[household[employee & (age < 75) & ~lodger]] = True
    covered &= rng.random(families) < 0.92
    other = rng.random(families) < 0.03  # 国保組合, 生活保護
    limit = np.where(age >= 60, 1_800_000, 1_300_000)
    dependent = covered[household] & ~lodger & (work >= 2) & (by["income"] < limit)
    nhi = here & ~elder & ~employee & ~dependent & ~other[household]
    np_ = here & (age >= 20) & (age < 60) & ~employee
    second = (age >= 40) & (age < 65) & ~np_ & (rng.random(len(age)) < 0.012)
    ltci = here & ((age >= 65) | second)
    return {"nhi": nhi, "late_elderly": elder, "ltci": ltci, "np": np_}


def guarded(of: Drawn, income: Ints) -> Ints:
    """The current parent with the higher income, of current children of the household; -1: none."""
    here = np.isnat(of.of.removal)
    ages = here & (of.of.born >= CHILDREN_SINCE)

    def there(parent: Ints) -> Bools:
        return (parent >= 0) & here[parent]

    father = np.where(there(of.father), of.father, -1)
    mother = np.where(there(of.mother), of.mother, -1)
    rich = (father >= 0) & ((mother < 0) | (income[father] >= income[mother]))
    return np.where(ages, np.where(rich, father, mother), -1)


def guards(rng: np.random.Generator, of: Drawn, grown: Bools) -> Bools:
    """支援措置: some grown-ups who moved in, and the children that came with them."""
    asked = grown & (of.of.entered != of.of.born) & (rng.random(len(grown)) < 0.007)
    with_them = np.isnat(of.of.removal) & (of.of.born >= CHILDREN_SINCE) & (of.mother >= 0)
    return asked | (with_them & asked[of.mother])
