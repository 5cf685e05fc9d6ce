"""学齢簿ファイル of ASAMA: one record a child and year, events and aid beside it; names and addresses are in 住民記録."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import school_places as places
from town import spell
from town.asama.host import city5, entered, generation, header, trailer
from town.core import LegacyFile

if TYPE_CHECKING:
    from town.core import Town

REASONS = {
    "01": "11", "02": "12", "03": "13", "04": "14", "05": "15", "11": "21", "12": "22", "13": "23", "14": "31", "15": "32",
    "16": "41",
}  # fmt: skip
RELATIVES = {"父": "1", "母": "2", "祖父": "3", "祖母": "4", "親族": "5", "施設長": "9"}
KINDS = {"1": "1", "2": "2", "3": "3", "4": "3", "5": "5", "6": "6", "9": "0"}
NOBODY = "0000000000"
CHILD = ["atena_no", "school_year"]


def files(town: Town) -> list[LegacyFile]:
    """GAKUREI1.DAT."""
    parts = [("header", header("ASAMA-GR", "GAKUREI1")), ("child", records(town)), ("trailer", trailer("GAKUREI1"))]
    return [LegacyFile("asama/school", "GAKUREI1.DAT", parts)]


def records(town: Town) -> pl.DataFrame:
    """One a row of school_register; events and aid stand in the newest one of their year."""
    people = town.people.select(guardian_atena_no="atena_no", resident=pl.lit(value=True))
    rows = town.truth["school_register"].join(people, on="guardian_atena_no", how="left", maintain_order="left")
    newest = pl.col("is_latest") == "1"
    for table in (events(town), aid(town)):
        rows = rows.with_columns(_now=newest).join(
            table.with_columns(_now=pl.lit(value=True)), on=[*CHILD, "_now"], how="left", maintain_order="left"
        )
    turn = pl.int_range(pl.len())
    number = pl.col("atena_no").cast(pl.Int64) // 10
    step = pl.col("grade").str.slice(1).cast(pl.Int64) + pl.when(pl.col("school_kind") == "4").then(6).otherwise(0)
    none = pl.lit("0000")
    return rows.select(
        pl.col("^(ev|aid)_.*_\\d$"), "reg_hist_no",
        atena_no=spell.last("atena_no", 10),
        school_year=spell.era3("school_year"),
        grade=pl.col("school_kind").replace_strict(KINDS) + step.fill_null(0).cast(pl.String),
        assigned=places.by_code("assigned_school", "number").fill_null(none),
        enrolled=places.by_code("enrolled_school", "number").fill_null(none),
        flags=pl.concat_str("change_flag", "out_area_flag", "special_class_flag", "missing_flag", pl.lit("0000")),
        out_city=city5("out_area_city").fill_null("00000"),
        notice=spell.western("notice_date"),
        entered=spell.era7("enrolled_date"),
        graduated=spell.era7("graduated_date"),
        exemption=pl.col("exemption_kind").fill_null("0"),
        exempt_from=spell.era7("exemption_from"),
        exempt_to=spell.era7("exemption_to"),
        guardian_no=spell.last("guardian_atena_no", 10).fill_null(NOBODY),
        guardian_own=pl.when(pl.col("resident").is_null()).then("guardian_name"),
        guardian_rel=pl.col("guardian_rel").replace_strict(RELATIVES),
        bank=pl.col("bank_code") + pl.col("branch_code"),
        account_kind="account_kind", account_no="account_no", account_name="account_name_kana",
        class_no=pl.when(pl.col("grade").is_not_null()).then((number % 3 + 1).cast(pl.String).str.zfill(2)),
        seat_no=pl.when(pl.col("grade").is_not_null()).then(number % 37 + 1),
        school_route=pl.when(number % 5 == 0).then(pl.lit("2")).otherwise(pl.lit("1")),
        health_card=pl.when(pl.col("school_kind") == "9").then("K" + spell.last("atena_no", 7)),
        print_order=turn + 1,
        latest=generation(),
        **entered(),
    )  # fmt: skip


def events(town: Town) -> pl.DataFrame:
    """Four of a child's year side by side."""
    rows = town.truth["school_event"].with_columns(
        school_year=(pl.col("event_date").str.to_date().dt.offset_by("-3mo").dt.year()).cast(pl.String),
        ev_seq=pl.col("event_seq"),
        ev_code=pl.col("event_reason").replace_strict(REASONS),
        ev_date=spell.era7("event_date"),
        ev_notified=spell.western("notified_date"),
        ev_from=places.by_code("from_school", "number").fill_null("0000"),
        ev_to=places.by_code("to_school", "number").fill_null("0000"),
        ev_grade=pl.col("to_grade").str.replace("E", "0").str.replace("J", "1").fill_null("00"),
        ev_note=pl.col("note"),
    )  # fmt: skip
    return beside(rows, [c for c in rows.columns if c.startswith("ev_")], 4)


def aid(town: Town) -> pl.DataFrame:
    """Two of a child's year side by side, and the account; the sum is split by what there is aid for."""
    total, kind = pl.col("total_amount"), pl.col("aid_kind").str.slice(1)
    given = total.is_not_null()
    trip, entry = pl.when(pl.col("account_no").str.ends_with("3")).then(total // 4), total // 5
    supply = total * 3 // 10
    lunch = total - supply - trip.fill_null(0) - entry
    granted = pl.when(given).then(pl.lit("11")).otherwise(pl.lit("00"))
    rows = town.truth["school_aid"].with_columns(
        aid_flags=pl.concat_str(kind, granted, trip.is_not_null().cast(pl.Int8).cast(pl.String), given.cast(pl.Int8).cast(pl.String), pl.lit("0")),
        aid_applied=spell.western("applied_date"),
        aid_approved=spell.western("approved_date"),
        aid_ended=spell.western("ended_date"),
        aid_applicant=spell.last("applicant_atena_no", 10),
        aid_supply=supply, aid_lunch=lunch, aid_trip=trip, aid_entry=entry,
    )  # fmt: skip
    names = [c for c in rows.columns if c.startswith("aid_") and c not in ("aid_kind", "aid_seq")]
    account = rows.group_by(CHILD, maintain_order=True).agg(
        pl.col("bank_code", "branch_code", "account_kind", "account_no", "account_name_kana").first()
    )
    return beside(rows, names, 2).join(account, on=CHILD, how="left", maintain_order="left")


def beside(rows: pl.DataFrame, names: list[str], times: int) -> pl.DataFrame:
    """The first so many rows of a child's year in one: name_1, name_2 ..."""
    cells = [pl.col(n).get(i, null_on_oob=True).alias(f"{n}_{i + 1}") for i in range(times) for n in names]
    return rows.group_by(CHILD, maintain_order=True).agg(cells)
