"""介護保険's insured persons and certifications as SHIRANE's package exports them: numbers without their zeros,
and two things in one cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.spell import day as day_of
from town.spell import era as era_of
from town.spell import grouped, slashed, unknown_wording, unpadded, worded, year_of_era
from town.spell import month as month_of

if TYPE_CHECKING:
    from town.core import Town

KINDS = {"1": "1号", "2": "2号"}
INTO = {
    "001": "転入",
    "002": "年齢到達",
    "003": "除外解除",
    "004": "特例解除",
    "005": "職権",
    "009": "その他",
}
OUT = {
    "101": "転出",
    "102": "死亡",
    "103": "適用除外",
    "104": "職権",
    "105": "国外転出",
    "109": "その他",
}
APPLIED = {"1": "新規", "2": "更新", "3": "区分変更", "4": "職権"}
LEVELS = {
    "01": "非該当", "06": "事業対象者", "11": "経過的要介護", "12": "要支援１", "13": "要支援２", "21": "要介護１", "22": "要介護２",
    "23": "要介護３", "24": "要介護４", "25": "要介護５",
}  # fmt: skip
RESTRICTED = {"1": "支払方法変更", "2": "差止", "3": "減額"}
MEMOS = (
    "家族が窓口で相談。\r\nケアマネジャーに連絡。",
    "証を再交付。\r\n次の来庁で旧証を回収。",
    "施設から照会",
)


def files(town: Town) -> list[LegacyFile]:
    """介護被保険者台帳.CSV and 要介護認定一覧.CSV."""
    return [
        LegacyFile("shirane/care", "介護被保険者台帳.CSV", [("insured", _insured(town))]),
        LegacyFile(
            "shirane/care_certification",
            "要介護認定一覧.CSV",
            [("certification", _certifications(town))],
        ),
    ]


def _marked(column: str, mark: str) -> pl.Expr:
    return pl.when(pl.col(column) == "1").then(pl.lit(mark))


def _managed() -> dict[str, pl.Expr]:
    hour = pl.col("operated_time").str.strip_prefix("0")
    return {
        "latest": _marked("is_latest", "*"),
        "deleted": _marked("is_deleted", "*"),
        "updated_by": pl.col("operator_id"),
        "updated_at": slashed("operated_date", "", pad=False) + " " + hour,
    }


def _insured(town: Town) -> pl.DataFrame:
    names = town.people.select("atena_no", "name", "birth_date")
    rows = town.truth["ltci_insured"].join(names, on="atena_no", how="left", maintain_order="left")
    unknown = pl.col("birth_date").str.starts_with("0000")
    noted = pl.int_range(pl.len()) % 13
    return rows.select(
        "name",
        "insurer_no",
        insured_no=unpadded("insured_no"),
        atena_no=unpadded("atena_no"),
        seq=pl.col("ltci_seq").cast(pl.String),
        birth=pl.when(unknown).then(unknown_wording("birth_date")).otherwise(worded("birth_date")),
        kind=pl.col("insured_kind").replace_strict(KINDS),
        acquired=worded("acquired_date"),
        notified=slashed("acquired_notified", "", pad=False),
        acquire_reason=pl.col("acquire_reason").replace_strict(INTO),
        first_acquired=slashed("first_acquired", mark=".", pad=False),
        lost_era=era_of("lost_date", "MTSHR"),
        lost_year=year_of_era("lost_date").cast(pl.String),
        lost_month=month_of("lost_date").str.strip_prefix("0"),
        lost_day=day_of("lost_date").str.strip_prefix("0"),
        lost_notified=slashed("lost_notified", "", pad=False),
        lose_reason=pl.col("lose_reason").replace_strict(OUT, default=None),
        guest=_marked("resid_exception", "対象"),
        facility_no=pl.col("facility_no").str.replace("^(.{4})", "${1}-"),
        admitted=slashed("admitted_date"),
        discharged=slashed("discharged_date"),
        exempted=_marked("exempted", "該当"),
        cert_issued=worded("cert_issued", wide=True),
        restriction=pl.col("restriction_kind").replace_strict(RESTRICTED, default=None),
        copay=pl.col("copay_ratio") + "割",
        copay_from=slashed("copay_from", mark=".", pad=False),
        memo=noted.replace_strict(dict(enumerate(MEMOS)), default=None),
        **_managed(),
    )


def _certifications(town: Town) -> pl.DataFrame:
    """One line an application; what belongs together in one cell."""
    rows = town.truth["ltci_certification"]
    owners = town.truth["ltci_insured"].select("insured_no", "atena_no").unique("insured_no")
    rows = rows.join(owners, on="insured_no", how="left", maintain_order="left")
    rows = rows.join(
        town.people.select("atena_no", "name"), on="atena_no", how="left", maintain_order="left"
    )
    levels = {
        name: pl.col(column).replace_strict(LEVELS, default=None)
        for name, column in (
            ("first_level", "first_result"),
            ("level", "care_level"),
            ("prev_level", "prev_level"),
        )
    }
    return rows.select(
        "name",
        insured_no=unpadded("insured_no"),
        seq=pl.col("cert_seq").cast(pl.String),
        apply_kind=pl.col("apply_kind").replace_strict(APPLIED),
        applied=slashed("applied_date", mark=".", pad=False),
        survey=slashed("survey_date", "", pad=False),
        opinion=worded("opinion_date"),
        **levels,
        board=slashed("board_date") + " " + pl.col("board_no"),
        certified=slashed("certified_date", "", pad=False),
        period=worded("valid_from") + "～" + worded("valid_to"),
        months=pl.col("valid_months").cast(pl.String) + "か月",
        disease=unpadded("disease_code"),
        limit=grouped("limit_units", unit="単位"),
        words="board_opinion",
        cancelled=slashed("cancelled_date", mark=".", pad=False),
        office=pl.col("plan_office_no") + " 居宅支援あさま",
        care_manager=pl.when(pl.col("plan_office_no").is_not_null()).then(pl.lit("草津　礼子")),
        **_managed(),
    )
