"""住民基本台帳.CSV of SHIRANE: 61 columns without a header line; what does not fit into them stands in 独自領域."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.core import LegacyFile
from town.shirane.cells import part, postal, split
from town.shirane.sheet import number

if TYPE_CHECKING:
    from town.core import Town

STATES = {"1": "1", "2": "2", "3": "3", "9": "4"}
RELATIONS = {
    "02": "1", "12": "2", "11": "3", "20": "4", "51": "5", "52": "6", "71": "7", "74": "8", "81": "9", "84": "10", "96": "11",
    "99": "12", "14": "13", "13": "14",
}  # fmt: skip
EVENTS = {101: "1", 102: "2", 103: "3", 104: "4", 107: "7", 190: "9", 201: "21", 202: "22", 203: "23", 204: "24", 301: "31",
          305: "35"}  # fmt: skip


def files(town: Town) -> list[LegacyFile]:
    """住民基本台帳.CSV."""
    return [LegacyFile("shirane/resident", "住民基本台帳.CSV", [("resident", records(town))])]


def records(town: Town) -> pl.DataFrame:
    """One a person: their latest generation."""
    truth, past = town.truth["juki_resident"], town.history
    homes = town.truth["juki_household"].select(
        "household_no", "head_atena_no", "established", "closed", counted="member_count"
    )
    kana = town.people.select(pl.col("name_kana").alias("head_reads"))[past["head"]]
    both = pl.concat(
        [truth, past.select("code", "members", "person"), kana, steps(town)], how="horizontal"
    )
    rows = both.filter(pl.col("is_latest") == "1").join(
        homes, on="household_no", how="left", maintain_order="left"
    )
    relations = {
        f"rel_{i}": pl.col(f"rel_code{i}").replace_strict(RELATIONS, default=None)
        for i in range(1, 5)
    }
    gone = pl.col("removal_date").is_not_null()
    native = pl.col("resident_type") == "1"
    event = pl.col("code").replace_strict(EVENTS)
    next_code = pl.col("nextf_city_code").str.slice(0, 5) + "000000"
    address = pl.col("addr_town") + "　" + pl.col("addr_banchi")
    return rows.select(
        "resident_type", "name", "sex", "head_name", "domicile", "koseki_head", "settled_reason", "became_reason",
        id_no=number("atena_no"),
        household_no=number("household_no"),
        resident_state=pl.col("resident_status").replace_strict(STATES),
        jumin_code=number("jumin_code", 11),
        kana=spell.halfkana("name_kana"),
        birth_era=spell.era("birth_date"),
        birth_y=spell.year_of_era("birth_date").cast(pl.String),
        birth_m=part("birth_date", 5, 2),
        birth_d=part("birth_date", 8, 2),
        **relations,
        head_kana=spell.halfkana("head_reads"),
        addr_code="addr_code11",
        address=address,
        katagaki=spell.narrow("addr_katagaki"),
        postal=postal("addr_postal"),
        prev_address=spell.narrow("prev_town"),
        next_code=next_code,
        next_address=pl.col("nextf_town") + "　" + pl.col("nextf_banchi"),
        next_katagaki="nextf_katagaki",
        next_postal=postal("nextf_postal"),
        next_kind=pl.when(pl.col("nextf_city_code").is_not_null()).then(pl.lit("2")),
        domicile_code=pl.when(native).then(pl.col("domicile_city_code").str.slice(0, 5) + "000000"),
        **split("became", "became_date"),
        **split("became_report", "became_notified"),
        **split("settled", "addr_since"),
        **split("settled_report", "settled_notified"),
        **split("left", "removal_date"),
        **split("left_report", "removal_notified"),
        left_reason=pl.when(gone).then(event),
        **split("event", "event_date"),
        own_area=own_area(),
        moving=pl.lit("0"),
        event_reason=event,
    )  # fmt: skip


def own_area() -> pl.Expr:
    """独自領域: read by position."""
    leads = pl.col("head_atena_no") == pl.col("atena_no")
    members = pl.when(leads).then("counted").otherwise("members")

    def digits(value: pl.Expr | str, width: int) -> pl.Expr:
        return (pl.col(value) if isinstance(value, str) else value).cast(pl.String).str.zfill(width)

    return pl.concat_str(
        digits("person_hist_no", 2),
        digits("list_order", 2),
        digits(members, 2),
        "ward_code",
        spell.western("operated_date"),
        pl.col("operated_time").str.replace_all(":", "", literal=True),
        "operator_id",
        spell.western("established").fill_null("00000000"),
        spell.western("closed").fill_null("00000000"),
    )


def steps(town: Town) -> pl.DataFrame:
    """Of each generation: the reason of the person's entry and of their last move, and the days of the reports."""
    past = town.history.select("person", "code", "notified", "hist_no")
    first = past.filter(pl.col("hist_no") == 1).select(
        "person",
        became_reason=pl.col("code").replace_strict(EVENTS),
        became_notified=pl.col("notified").cast(pl.String),
    )
    moves = past.filter(pl.col("code") == 301).unique("person", keep="last", maintain_order=True)
    last = moves.select(
        "person",
        settled_reason=pl.col("code").replace_strict(EVENTS),
        settled_notified=pl.col("notified").cast(pl.String),
    )
    whole = past.select("person").join(first, on="person", maintain_order="left", how="left")
    return whole.join(last, on="person", maintain_order="left", how="left").drop("person")
