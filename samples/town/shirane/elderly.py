"""後期高齢者医療 as SHIRANE's package exports it: the qualifications, the day of acquisition in four columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.shirane.health_insurance import LIMITS, SHARES, coded, marked, number, written
from town.spell import day, era, halfkana, month, slashed, unpadded, worded, year_of_era

if TYPE_CHECKING:
    from town.core import Town

ACQUIRED = {
    "01": "年齢到達",
    "02": "障害認定",
    "03": "転入",
    "04": "生保廃止",
    "05": "適用除外解除",
    "09": "その他",
}
LOST = {
    "11": "転出",
    "12": "死亡",
    "13": "障害認定撤回",
    "14": "生保開始",
    "15": "適用除外",
    "19": "その他",
}
HOMES = ("特別養護老人ホーム　あさぎり", "介護老人保健施設　みねの里")


def files(town: Town) -> list[LegacyFile]:
    """後期資格一覧.CSV."""
    people = town.people.select("atena_no", "name", "name_kana")
    rows = town.truth["el_insured"].join(people, on="atena_no", how="left", maintain_order="left")
    turn = pl.int_range(pl.len())
    term = slashed("cert_issued", "", pad=False) + "～" + slashed("cert_expiry", "", pad=False)
    frame = rows.select(
        "name",
        insured_no=unpadded("el_insured_no"), seq=pl.col("el_seq").cast(pl.String), atena_no=number("atena_no"),
        kana=halfkana("name_kana"), union_no="insurer_no",
        acquired_era=era("acquired_date", "MTSHR"), acquired_year=year_of_era("acquired_date").cast(pl.String),
        acquired_month=unpadded(month("acquired_date")), acquired_day=unpadded(day("acquired_date")),
        acquire_reason=coded("acquire_reason", ACQUIRED),
        lost=worded("lost_date"), lose_reason=coded("lose_reason", LOST),
        disability=slashed("disability_date", mark=".", pad=False), exception=marked("resid_exception"),
        copay=coded("copay_kind", SHARES), copay_from=slashed("copay_from", "", pad=False),
        limit_class=coded("limit_class", LIMITS), limit_issued=slashed("limit_issued", "", pad=False),
        disease=marked("specific_disease"), cert_term=term, relief=marked("dependent_relief"),
        person_kind=coded("person_kind", {"1": "年齢", "2": "障害"}),
        nursing_home=pl.when(turn % 11 == 0).then(pl.lit(pl.Series(HOMES)).gather(turn % 2)),
        phone=pl.when(turn % 4 == 0).then(
            "000-11-" + (1000 + turn * 7 % 9000).cast(pl.String) + "\r\n" + pl.when(turn % 8 == 0).then(pl.lit("長男")).otherwise(pl.lit("本人"))
        ),
        cancelled=marked("is_deleted", "取消"),
        **written(),
    )  # fmt: skip
    return [LegacyFile("shirane/elderly", "後期資格一覧.CSV", [("insured", frame)])]
