"""住民マスタ of KUSATSU: households, Japanese and foreigners over the same bytes; only households have an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.columns import standard
from town.core import CITY, EXTRACTED, LegacyFile

if TYPE_CHECKING:
    from town.core import Town

STATES = {"1": "J", "2": "T", "3": "S", "9": "K"}
RELATIONS = {
    "02": "10", "11": "21", "12": "22", "13": "23", "14": "24", "20": "30", "51": "41", "52": "42", "71": "51", "74": "52",
    "81": "53", "84": "54", "96": "80", "99": "90",
}  # fmt: skip
EVENTS = {
    101: "A10", 102: "A20", 103: "A30", 104: "A40", 107: "A70", 190: "A90", 201: "D10", 202: "D20", 203: "D30", 204: "D40",
    301: "M10", 305: "M50",
}  # fmt: skip
ART = {"1": "C", "2": "T", "3": "I", "4": "P", "5": "B", "6": "L"}
CARDS = {"1": "Z", "2": "E", "3": "G"}
ADDRESS = {
    "code": "addr_code11", "town": "addr_town", "banchi": "addr_banchi", "katagaki": "addr_katagaki", "postal": "addr_postal",
    "ward": "ward_code",
}  # fmt: skip
"""The household's field -> the column of juki_resident."""


def files(town: Town) -> list[LegacyFile]:
    """KJUMIN01.DAT: a household, then its people."""
    homes, people = households(town), persons(town)
    native = pl.col("_native")
    head = pl.DataFrame({"copybook": "KJUMIN", "city_code": CITY, "made_at": EXTRACTED})
    parts = [
        ("header", head),
        ("household", homes),
        ("resident", people.filter(native).drop("_native", pl.selectors.by_name(*FOREIGN))),
        ("foreigner", people.filter(~native).drop("_native", pl.selectors.by_name(*NATIVE))),
        ("trailer", None),
    ]
    return [LegacyFile("kusatsu/resident", "KJUMIN01.DAT", parts)]


def day(column: str | pl.Expr) -> pl.Expr:
    """YYYYMMDD as a packed number; 0 for none."""
    return spell.western(column).cast(pl.Int64).fill_null(0)


def clock(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all(":", "", literal=True).cast(pl.Int64)


def yes(value: pl.Expr | str) -> pl.Expr:
    """Y or N of a flag."""
    flag = pl.col(value) if isinstance(value, str) else value
    return pl.when(flag == "1").then(pl.lit("Y")).otherwise(pl.lit("N"))


def void(column: str = "is_deleted") -> pl.Expr:
    return pl.when(pl.col(column) == "1").then(pl.lit("9")).otherwise(pl.lit("0"))


def entered() -> dict[str, pl.Expr]:
    return {
        "operator": pl.col("operator_id"),
        "updated": day("operated_date"),
        "updated_time": clock("operated_time"),
        "void": void(),
    }


def households(town: Town) -> pl.DataFrame:
    known = town.households.select("household_no", "ward", code="addr_code")
    rows = town.truth["juki_household"].join(
        known, on="household_no", how="left", maintain_order="left"
    )
    turn = pl.int_range(pl.len())
    return rows.select(
        "head_name", "code", "ward",
        _order=spell.last("household_no", 10).cast(pl.Int64) * 2,
        household_no=spell.last("household_no", 10),
        household_hist="household_hist_no",
        head_no=spell.last("head_atena_no", 10),
        members="member_count",
        mixed=pl.when(pl.col("mixed_flag") == "1").then(pl.lit("M")),
        town="addr_town", banchi="addr_banchi", katagaki="addr_katagaki", postal="addr_postal",
        established=day("established"),
        closed=day("closed"),
        tax_class=(turn % 3 > 0).cast(pl.Int64),
        leaflets=1 + (turn % 17 == 0).cast(pl.Int64),
        **entered(),
    )  # fmt: skip


def persons(town: Town) -> pl.DataFrame:
    """One a person, their latest generation; the address only where it is not the household's."""
    latest = pl.col("is_latest") == "1"
    both = pl.concat(
        [town.truth["juki_resident"], town.history.select("code", "household")], how="horizontal"
    )
    rows = both.filter(latest).rename({"code": "event_no"})
    homes = households(town).select(
        pl.col("household_no").str.zfill(15), *ADDRESS, home_head="head_name"
    )
    rows = rows.join(homes, on="household_no", how="left", maintain_order="left")
    rows = rows.join(cards(town), on="atena_no", how="left", maintain_order="left")
    same = pl.all_horizontal(pl.col(f).eq_missing(pl.col(c)) for f, c in ADDRESS.items())
    native = pl.col("resident_type") == "1"
    rights = ("nhi_flag", "elderly_flag", "ltci_flag", "np_flag", "voter_flag")
    theirs = pl.col("head_name").eq_missing(pl.col("home_head")) & same
    own = {f"own_{f}": pl.when(~same).then(pl.col(c)) for f, c in ADDRESS.items()}
    relations = {
        f"rel_{i}": pl.col(f"rel_code{i}").replace_strict(RELATIONS, default="00")
        for i in range(1, 5)
    }
    return rows.select(
        pl.selectors.by_name(*CARD),
        "jumin_code", "list_order", "sex", "domicile", "koseki_head", "name", "alias",
        _native=native,
        _order=(pl.col("household") + 300_000_000) * 20 + 19,
        atena_no=spell.last("atena_no", 10),
        hist_no="person_hist_no",
        household_no=spell.last("household_no", 10),
        address_of=pl.when(same).then(spell.last("household_no", 10)),
        own_head=pl.when(~theirs).then("head_name"),
        state=pl.col("resident_status").replace_strict(STATES),
        **relations,
        event_code=pl.col("event_no").replace_strict(EVENTS),
        event_date=day("event_date"),
        notified=day("notified_date"),
        became=day("became_date"),
        settled=day("addr_since"),
        birth=spell.era7("birth_date", "MTSHR"),
        rights=pl.concat_str([yes(c) for c in rights]) + "NNN",
        **own,
        kana=spell.halfkana("name_kana"),
        domicile_city=pl.col("domicile_city_code").str.slice(0, 5),
        next_city=pl.col("nextf_city_code").str.slice(0, 5),
        next_town="nextf_town", next_banchi="nextf_banchi", next_katagaki="nextf_katagaki", next_postal="nextf_postal",
        certificates=pl.int_range(pl.len()) % 5,
        roman="name",
        **entered(),
    )  # fmt: skip


CARD = (
    "country", "card_hist", "since", "art_class", "card_no", "card_kind", "visa", "stay", "expiry", "residence_report", "landing",
    "old_register", "alias_on", "alias_on_city", "alias_off", "alias_off_city", "card_operator", "card_updated", "card_time",
    "card_void",
)  # fmt: skip
FOREIGN = (*CARD, "roman", "alias")
NATIVE = (
    "name", "domicile", "domicile_city", "koseki_head", "certificates",
)  # fmt: skip
"""Fields of one of the two kinds of people only."""


def cards(town: Town) -> pl.DataFrame:
    """The present card of each foreigner; of a town without juki_foreign none."""
    none = pl.DataFrame(schema={c.name: c.dtype for c in standard("juki_foreign")})
    rows = town.truth.get("juki_foreign", none).filter(pl.col("is_latest") == "1")
    parts = {"stay_years": 100_000, "stay_months": 1_000, "stay_days": 1}
    return rows.select(
        "atena_no",
        country="nationality_code",
        card_hist="foreign_hist_no",
        since=day("foreign_since"),
        art_class=pl.col("art30_45_class").replace_strict(ART),
        card_no="residence_card_no",
        card_kind=pl.col("residence_card_kind").replace_strict(CARDS),
        visa="residence_status",
        stay=pl.sum_horizontal(pl.col(c).cast(pl.Int64).fill_null(0) * n for c, n in parts.items()),
        expiry=day("stay_expiry"),
        residence_report=yes("address_notified"),
        landing=yes("landing_permit"),
        old_register=day("old_alien_reg_date"),
        alias_on=day("alias_entry_date"),
        alias_on_city="alias_entry_city",
        alias_off=day("alias_del_date"),
        alias_off_city="alias_del_city",
        card_operator="operator_id",
        card_updated=day("operated_date"),
        card_time=clock("operated_time"),
        card_void=void(),
    )
