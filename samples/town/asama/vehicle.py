"""軽自動車税ファイル of ASAMA: a vehicle with up to four events in a record, and five vehicles of a payer's levy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.asama.host import clock, deleted, generation, header, trailer, turns
from town.core import LegacyFile
from town.spell import era3, era5, era7, last, western

if TYPE_CHECKING:
    from town.core import Town

NAME = "KEIJI01"
KINDS = {
    "11": "A1", "12": "A2", "13": "A3", "14": "A4", "15": "A5", "21": "B1", "22": "C1", "23": "D1", "24": "D2", "25": "E1",
    "26": "E2", "31": "F1", "32": "F2", "41": "G1",
}  # fmt: skip
PLACES = {"浅間": "01", "浅間市": "90"}
MAKERS = {
    "浅間自動車": "01",
    "白根発動機": "02",
    "草津車輌": "03",
    "黒姫農機": "04",
    "霧積電動": "05",
}
EVENTS = {
    "01": "10", "02": "20", "03": "30", "04": "40", "11": "81", "12": "82", "13": "83", "14": "84", "99": "99",
}  # fmt: skip
RATES = {"01": "10", "02": "20", "03": "30", "04": "41"}
TAXATION = {"1": "1", "2": "2", "3": "3", "4": "8"}
CLASSES = {"1": "10", "2": "21", "3": "22", "4": "30", "5": "90"}
NOBODY = "0000000000"


def files(town: Town) -> list[LegacyFile]:
    """KEIJI01.DAT."""
    parts = [
        ("header", header("ASAMA-KD", NAME)),
        ("vehicle", _vehicles(town.truth["lv_vehicle"])),
        ("levy", _levies(town.truth["lv_levy"])),
        ("trailer", trailer(NAME)),
    ]
    return [LegacyFile("asama/vehicle", f"{NAME}.DAT", parts)]


def _other(column: str) -> pl.Expr:
    """Another's 宛名番号; zeros where it is the owner's."""
    other = pl.col(column).is_not_null() & (pl.col(column) != pl.col("owner_atena_no"))
    return pl.when(other).then(last(column, 10)).otherwise(pl.lit(NOBODY))


def _vehicles(rows: pl.DataFrame) -> pl.DataFrame:
    """The events of a vehicle side by side; the vehicle as its last row has it."""
    events = rows.select(
        "vehicle_no",
        ev_kind=pl.col("event_reason").replace_strict(EVENTS),
        ev_date=era7("event_date"),
        ev_acquired=western("acquired_date"),
        ev_owner=last("owner_atena_no", 10),
        ev_user=_other("user_atena_no"),
        ev_payer=_other("payer_atena_no"),
        ev_receipt=(60_000_000 + pl.int_range(pl.len())).cast(pl.String),
        ev_operator="operator_id",
        ev_updated=western("operated_date"),
        ev_time=clock("operated_time"),
    )
    events = turns(events, ["vehicle_no"], 4, events.columns[1:]).rename({"used": "event_count"})
    city = pl.col("plate_region") == "浅間市"
    moved_in = (pl.col("event_reason") == "03").any().over("vehicle_no")
    cars = rows.with_columns(moved_in=moved_in).filter(pl.col("is_latest") == "1").select(
        "vehicle_no",
        "capacity",
        "model",
        kind=pl.col("vehicle_kind").replace_strict(KINDS),
        plate_place=pl.col("plate_region").replace_strict(PLACES),
        plate_class="plate_class",
        plate_kana="plate_kana",
        plate_no=pl.col("plate_serial").cast(pl.Int64),
        plate_printed="plate_text",
        maker=pl.col("maker").replace_strict(MAKERS),
        chassis="chassis_no",
        engine="engine_model",
        displacement=(pl.col("displacement") * 100).cast(pl.Int64),
        output=(pl.col("rated_output") * 100).cast(pl.Int64),
        load=pl.col("max_load").fill_null(0),
        inspected=era5("first_inspect_ym"),
        model_year=pl.col("model_year").fill_null("0000"),
        business="use_kind",
        ownership="ownership",
        registered=era7("registered_date"),
        base_town="base_town",
        base_banchi="base_banchi",
        scrapped=western("scrapped_date").fill_null("00000000"),
        plate_back=pl.col("plate_returned").fill_null("0"),
        insurance_end=pl.when(city).then(pl.lit("202709")),
        sticker_no=pl.when(city).then(last("vehicle_no", 8)),
        previous_plate=pl.when("moved_in").then(pl.lit("ｼﾗﾈ 580 ｻ 11-22")),
        deleted=deleted(),
    )  # fmt: skip
    rows = cars.join(events.drop("_page"), on="vehicle_no", how="left", maintain_order="left")
    return rows.with_columns(vehicle_no=last("vehicle_no", 10))


def _levies(rows: pl.DataFrame) -> pl.DataFrame:
    """Five to a record, of one payer, year and date due."""
    by = ["payer_atena_no", "tax_year", "due_date"]
    rows = rows.sort(*by, "notice_no", "levy_hist_no")
    before = pl.col("tax").shift(1).over("notice_no", order_by="levy_hist_no")
    cars = rows.select(
        *by,
        "tax",
        car_notice="notice_no",
        car_no=last("vehicle_no", 10),
        car_correction=pl.col("levy_hist_no") - 1,
        car_taxation=pl.col("taxation_kind").replace_strict(TAXATION),
        car_rate=pl.col("rate_kind").replace_strict(RATES),
        car_tax="tax",
        car_reason=pl.col("exempt_reason").fill_null("00"),
        car_exemption=pl.col("exemption").fill_null(0),
        car_class=pl.col("levy_kind").replace_strict(CLASSES),
        car_corrected=era7("corrected_date"),
        car_previous=before.fill_null(0),
        car_latest=generation(),
        car_deleted=deleted(),
        car_operator="operator_id",
        car_updated=western("operated_date"),
        car_time=clock("operated_time"),
    )
    names = [c for c in cars.columns if c.startswith("car_")]
    sheets = turns(cars, by, 5, names)
    place = pl.int_range(pl.len()).over(by) // 5
    totals = (
        cars.with_columns(_page=place).group_by(*by, "_page").agg(tax_total=pl.col("tax").sum())
    )
    sheets = sheets.join(totals, on=[*by, "_page"], how="left", maintain_order="left")
    return sheets.select(
        pl.col(f"^({'|'.join(names)})_[1-5]$"),
        "tax_total",
        payer_no=last("payer_atena_no", 10),
        tax_year=era3("tax_year"),
        due=era7("due_date"),
        sheet=pl.col("_page") + 1,
        car_count="used",
        transfer=pl.lit("0"),
    )
