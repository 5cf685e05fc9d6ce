"""外国人住民情報 (0104) as it is true, and what may be wrong with it.

Everybody foreign who ever was on the register has a row for each residence card; two at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl
from make import NEVER, TODAY, between

from town.core import CITY, Fault, Town, iso
from town.people import FOREIGNERS
from town.register import series

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNTRIES = {
    "VNM": "ベトナム", "PHL": "フィリピン", "BRA": "ブラジル", "USA": "米国", "NPL": "ネパール", "PER": "ペルー", "DEU": "ドイツ",
}  # fmt: skip


class Stay(NamedTuple):
    """在留資格: an invented code, how often it comes, and how long one may stay."""

    code: str
    share: float
    years: str | None
    months: str | None = None


STAYS = (
    Stay("P01", 0.40, None),  # 永住者
    Stay("W01", 0.20, "05"),  # 技術・人文知識・国際業務
    Stay("W02", 0.12, "01"),  # 技能実習
    Stay("F01", 0.12, "03"),  # 日本人の配偶者等
    Stay("F02", 0.08, "03"),  # 定住者
    Stay("S01", 0.08, None, "06"),  # 留学
)
PERMANENT = 0
SPECIAL = 0.15
"""The share of 特別永住者 among those who were here when their register began."""

LETTERS = np.array(list("ABCDEFGHJKLMNPRSTUVWXYZ"))


def facts(town: Town) -> None:
    """juki_foreign: the person's cards one after the other."""
    rng = town.rng("foreigner")
    who = town.people.filter("foreign")
    town.add("juki_foreign", cards(town, rng, who))


def cards(town: Town, rng: np.random.Generator, who: pl.DataFrame) -> pl.DataFrame:
    """All columns but 操作, two rows for those whose card was renewed."""
    count = who.height
    since = days(who["entered"])
    until = np.where(who["current"].to_numpy(), TODAY, days(who["removed"]))
    early = since == FOREIGNERS
    special = early & (rng.random(count) < SPECIAL)
    renewed = (rng.random(count) < 0.5) & (until - since > np.timedelta64(500, "D"))
    renewal = np.where(renewed, between(rng, since + 400, until), since)
    stay = rng.choice(len(STAYS), (count, 2), p=[s.share for s in STAYS])
    stay[special] = PERMANENT
    old = early & renewed & (rng.random(count) < 0.5)  # their first card was 外国人登録証明書
    alias = aliases(rng, who, renewal)
    alien = np.where(early, between(rng, since - 9_000, since - 100), NEVER)
    vague = pl.Series(early & (rng.random(count) < 0.15))
    registered = pl.Series(alien).cast(pl.Date).cast(pl.String)
    common = who.select(
        "atena_no", nationality_code="nationality", nationality_name=pl.col("nationality").replace_strict(COUNTRIES),
        foreign_since=iso("entered"), foreign_since_unk=pl.lit("0"), address_notified=pl.lit("1"),
    ).with_columns(
        art30_45_class=pl.Series(np.where(special, "2", "1")),
        landing_permit=pl.Series(np.where(early, "0", "1")),
        old_alien_reg_date=pl.select(pl.when(vague).then(registered.str.slice(0, 5) + "00-00").otherwise(registered)).to_series(),
    )  # fmt: skip
    rows = []
    for generation in (1, 2):
        mine = renewed if generation == 2 else np.ones(count, bool)
        latest = renewed == (generation == 2)
        first_old = old & (generation == 1)
        begun = since if generation == 1 else renewal
        end = np.where(latest, np.maximum(TODAY + 30, begun + 100), renewal + 20)
        frame = common.with_columns(
            **stays(rng, stay[:, generation - 1], special, end),
            foreign_hist_no=pl.lit(generation),
            residence_card_kind=pl.Series(np.select([first_old, special], ["3", "2"], "1")),
            residence_card_no=numbered(rng, first_old),
            **{name: pl.when(pl.Series(latest)).then(value) for name, value in alias.items()},
            is_latest=pl.Series(np.where(latest, "1", "0")),
            is_deleted=pl.lit("0"),
        ).with_columns(town.operated(count, rng, pl.Series(begun)))
        rows.append(frame.filter(pl.Series(mine)))
    return pl.concat(rows).sort("atena_no", "foreign_hist_no")


def stays(
    rng: np.random.Generator,
    stay: NDArray[np.int64],
    special: NDArray[np.bool_],
    end: NDArray[np.datetime64],
) -> dict[str, pl.Series]:
    """在留資格, 在留期間 and 満了日; 特別永住者 have none of them."""
    limited = (stay != PERMANENT) & ~special
    expiry = np.where(limited, between(rng, end, end + 900), NEVER)
    chosen = pl.Series(stay)
    return {
        "residence_status": _none(pl.Series([s.code for s in STAYS]).gather(chosen), special),
        "stay_years": _none(pl.Series([s.years for s in STAYS]).gather(chosen), special),
        "stay_months": _none(pl.Series([s.months for s in STAYS]).gather(chosen), special),
        "stay_expiry": series(expiry).cast(pl.String),
    }


def aliases(
    rng: np.random.Generator, who: pl.DataFrame, after: NDArray[np.datetime64]
) -> dict[str, pl.Series]:
    """When the alias was entered, and of some when it was struck out again."""
    has = who["alias"].is_not_null().to_numpy()
    here = who["current"].to_numpy() & (after < TODAY - 60)
    struck = ~has & here & (rng.random(who.height) < 0.25)
    entered = np.where(has | struck, between(rng, after, np.maximum(after + 1, TODAY - 50)), NEVER)
    entered = np.where(has & ~here, after, entered)
    deleted = np.where(struck, np.minimum(entered + 30, TODAY), NEVER)
    return {
        "alias_entry_date": series(entered).cast(pl.String),
        "alias_entry_city": _none(pl.repeat(CITY, who.height, eager=True), ~(has | struck)),
        "alias_del_date": series(deleted).cast(pl.String),
        "alias_del_city": _none(pl.repeat(CITY, who.height, eager=True), ~struck),
    }


def numbered(rng: np.random.Generator, old: NDArray[np.bool_]) -> pl.Series:
    """在留カード等番号: two letters, eight digits, two letters; before 2012 one letter and nine digits."""
    count = len(old)
    sides = LETTERS[rng.integers(0, len(LETTERS), (count, 4))]
    digits = rng.integers(0, 10**9, count)
    new = [f"{a}{b}{n % 10**8:08}{c}{d}" for (a, b, c, d), n in zip(sides, digits, strict=True)]
    kept = [f"B{n:09}" for n in digits]
    return pl.Series(np.where(old, kept, new) if count else [], dtype=pl.String)


def days(values: pl.Series) -> NDArray[np.datetime64]:
    return values.to_numpy().astype("M8[D]")


def _none(values: pl.Series, where: NDArray[np.bool_]) -> pl.Series:
    return pl.select(pl.when(~pl.Series(where)).then(values)).to_series()


# ---- what may be wrong ----


def _without_record(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R018: a foreign resident whose record is struck out."""
    foreign = (pl.col("is_latest") == "1") & (pl.col("resident_type") == "2")
    few = (
        1 + town.truth["juki_resident"].filter(foreign).height // 5
    )  # n is a share of all residents
    rows = town.take("juki_resident", min(n, few), foreign)
    mine = town.rows("juki_foreign", pl.col("atena_no").is_in(rows["atena_no"].to_list()))
    town.alter("juki_foreign", mine, is_deleted=pl.lit("1"))
    return town.keys("juki_resident", rows)


def _short_number(town: Town, rng: np.random.Generator, n: int) -> list[str]:
    """R019: a card's number has lost a digit."""
    rows = town.take(
        "juki_foreign", n, (pl.col("is_latest") == "1") & (pl.col("residence_card_kind") != "3")
    )
    no = pl.col("residence_card_no")
    return town.alter("juki_foreign", rows, residence_card_no=no.str.slice(0, 9) + no.str.slice(10))


FAULTS = [
    Fault("R018", "juki_resident", _without_record),
    Fault("R019", "juki_foreign", _short_number),
]
