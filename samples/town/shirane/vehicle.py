"""軽自動車税 as SHIRANE's package exports it: a line a generation of a vehicle, the plate in one text, dates written in
five ways; and a line a generation of its levy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.shirane.sheet import dotted, managed, number, western
from town.spell import fiscal, grouped, month_worded, narrow, slashed, unpadded, worded

if TYPE_CHECKING:
    from town.core import Town

KINDS = {
    "11": "原付50cc以下", "12": "原付90cc以下", "13": "原付125cc以下", "14": "ミニカー", "15": "特定小型原付", "21": "軽二輪",
    "22": "軽三輪", "23": "軽四乗用自家", "24": "軽四乗用営業", "25": "軽四貨物自家", "26": "軽四貨物営業", "31": "小特農耕",
    "32": "小特その他", "41": "二輪小型",
}  # fmt: skip
EVENTS = {
    "01": "新規", "02": "名義変更", "03": "転入", "04": "住所変更", "11": "廃車", "12": "転出", "13": "盗難", "14": "滅失",
    "99": "職権",
}  # fmt: skip

TAXATION = {"2": "非課税", "3": "減免", "4": "保留"}
RATES = {"01": "標準", "02": "旧", "03": "重課", "04": "グリーン75", "05": "グリーン50"}
RELIEFS = {"01": "障害", "02": "構造", "03": "公益"}
LEVIES = {"1": "当初", "2": "増額", "3": "減額", "4": "随時", "5": "取消"}


def files(town: Town) -> list[LegacyFile]:
    """軽自動車台帳.CSV and 軽自動車課税.CSV."""
    return [
        LegacyFile("shirane/vehicle", "軽自動車台帳.CSV", [("vehicle", _vehicles(town))]),
        LegacyFile("shirane/vehicle_levy", "軽自動車課税.CSV", [("levy", _levies(town))]),
    ]


def _plate() -> pl.Expr:
    """浅間 580 あ 12-34: the number as it is printed, behind place, class (perhaps none) and kana."""
    front = (
        pl.col("plate_region").str.len_chars()
        + pl.col("plate_class").str.len_chars().fill_null(0)
        + 1
    )
    printed = narrow(pl.col("plate_text").str.slice(front))
    return pl.concat_str(
        "plate_region", pl.col("plate_class").fill_null(""), "plate_kana", printed, separator=" "
    )


def _of_year(column: str) -> pl.Expr:
    """平成29年5月; 平成15年 where only the year is known."""
    return month_worded(column).str.replace("年0月", "年", literal=True)


def _unit(column: str, unit: str) -> pl.Expr:
    return pl.col(column).cast(pl.String) + unit


def _vehicles(town: Town) -> pl.DataFrame:
    names = pl.concat(
        [f.select("atena_no", "name") for f in (town.people, town.outsiders, town.companies)]
    )
    rows = town.truth["lv_vehicle"].join(
        names.rename({"atena_no": "owner_atena_no", "name": "owner_name"}), on="owner_atena_no", how="left", maintain_order="left"
    )  # fmt: skip
    asked = pl.int_range(pl.len()) % 50 == 7
    return rows.select(
        "owner_name",
        "maker",
        "model",
        vehicle_no=number("vehicle_no"),
        hist_no=pl.col("vehicle_hist_no").cast(pl.String),
        kind=pl.col("vehicle_kind").replace_strict(KINDS),
        plate=_plate(),
        plate_search=unpadded("plate_serial"),
        owner_no=number("owner_atena_no"),
        user_no=number("user_atena_no"),
        payer_class=pl.when(pl.col("payer_atena_no") == pl.col("owner_atena_no")).then(pl.lit("所有者")).otherwise(pl.lit("使用者")),
        payer_no=number("payer_atena_no"),
        chassis="chassis_no",
        engine="engine_model",
        displacement=_unit("displacement", "cc"),
        output=_unit("rated_output", "kW"),
        capacity=_unit("capacity", "人"),
        load=_unit("max_load", "kg"),
        inspected=_of_year("first_inspect_ym"),
        model_year=_unit("model_year", "年"),
        use=pl.col("use_kind").replace_strict({"1": "自家用", "2": "営業用"}),
        ownership=pl.col("ownership").replace_strict({"1": "自己所有", "2": "所有権留保"}),
        acquired=dotted("acquired_date"),
        registered=western("registered_date"),
        event=pl.col("event_reason").replace_strict(EVENTS),
        event_date=worded("event_date", wide=True),
        scrapped=slashed("scrapped_date"),
        plate_back=pl.col("plate_returned").replace_strict({"1": "済", "0": "未"}, default=None),
        base=pl.col("base_town") + "\u3000" + pl.col("base_banchi"),
        memo=pl.when(asked).then(pl.lit("所在を調査中。\r\n電話は不通。")),
        **managed(),
    )  # fmt: skip


def _levies(town: Town) -> pl.DataFrame:
    cars = town.truth["lv_vehicle"].filter(pl.col("is_latest") == "1")
    cars = cars.select("vehicle_no", "vehicle_kind", plate=_plate())
    rows = town.truth["lv_levy"].join(cars, on="vehicle_no", how="left", maintain_order="left")
    reason = pl.col("exempt_reason").replace_strict(RELIEFS, default=None)
    return rows.select(
        "plate",
        tax_year=fiscal("tax_year", worded=True),
        notice_no=unpadded("notice_no"),
        hist_no=pl.col("levy_hist_no").cast(pl.String),
        vehicle_no=number("vehicle_no"),
        payer_no=number("payer_atena_no"),
        taxation=pl.col("taxation_kind").replace_strict(TAXATION, default=None),
        rate=pl.col("rate_kind").replace_strict(RATES),
        tax=grouped("tax", unit="円"),
        relief=reason + ":" + grouped(-pl.col("exemption"), "▲"),
        due=dotted("due_date"),
        levy_kind=pl.col("levy_kind").replace_strict(LEVIES),
        corrected=western("corrected_date"),
        inspection_form=pl.when(pl.col("vehicle_kind").is_in(["23", "24", "25", "26", "41"])).then(
            pl.lit("要")
        ),
        **managed(),
    )
