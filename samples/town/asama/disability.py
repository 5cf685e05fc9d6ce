"""障害者福祉 as ASAMA's host keeps it: three kinds of handbook in one form, and one file of benefits by record type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.asama.host import entered, generation, header, trailer
from town.core import LegacyFile
from town.spell import era5, era7, last, padded, western

if TYPE_CHECKING:
    from town.core import Town

NOBODY = "0000000000"
STATE = {"1": "1", "6": "2", "2": "3", "3": "4", "4": "5", "5": "6"}
JUDGED = {"03": "A1", "07": "A2", "11": "B1", "15": "B2"}
PARTS = {
    "01": "11", "02": "21", "03": "22", "04": "31", "05": "41", "06": "42", "07": "43", "08": "44", "09": "51",
    "10": "52", "11": "53", "12": "54", "13": "55", "14": "56", "15": "57",
}  # fmt: skip
LAWS = {"1": "15", "2": "16", "3": "21"}
MEDICAL_INCOME = {"01": "00", "02": "10", "03": "20", "11": "31", "12": "32", "13": "40"}
SERVICE_INCOME = {"01": "A", "02": "B", "03": "C", "04": "D", "05": "E"}
DISEASES = {"1": "慢性腎不全", "2": "口唇口蓋裂", "3": "統合失調症"}
FIRST_GRADE = 56_800
SERVICES = 4


def files(town: Town) -> list[LegacyFile]:
    """TECHO01.DAT and SHOKYU01.DAT."""
    return [
        LegacyFile("asama/handbook", "TECHO01.DAT", [
            ("header", header("ASAMA-ST", "TECHO01")),
            ("handbook", _handbooks(town)),
            ("trailer", trailer("TECHO01")),
        ]),
        LegacyFile("asama/disability_benefit", "SHOKYU01.DAT", [
            ("header", header("ASAMA-SK", "SHOKYU01")),
            ("medical", _medical(town)),
            ("allowance", _allowances(town)),
            ("decision", _decisions(town)),
            ("trailer", trailer("SHOKYU01")),
        ]),
    ]  # fmt: skip


def _coded(column: str, codes: dict[str, str], blank: str | None = None) -> pl.Expr:
    return pl.col(column).replace_strict(codes, default=blank, return_dtype=pl.String)


def _number(column: str) -> pl.Expr:
    """宛名番号 or another number of ten digits; zeros where there is none."""
    return last(column, 10).fill_null(NOBODY)


def _handbooks(town: Town) -> pl.DataFrame:
    who = town.people.select("atena_no", "name", "birth_date")
    rows = town.truth["dis_handbook"].join(who, on="atena_no", how="left", maintain_order="left")
    row = pl.int_range(pl.len())
    grade = pl.coalesce(
        "0" + pl.col("grade_physical"), _coded("grade_intellectual", JUDGED), "0" + pl.col("grade_mental")
    )
    names = pl.col("disability_name").str.split("\\n")
    return rows.with_columns(grade=grade).select(
        "name", "grade",
        atena_no=last("atena_no", 10),
        kind="handbook_kind",
        hist_no="handbook_hist_no",
        birth=era7("birth_date"),
        pref=pl.col("issuer_pref").fill_null("00"),
        number=padded("handbook_no", 7).fill_null("0000000"),
        state=_coded("status", STATE),
        old_grade=pl.col("grade").shift(1).over("atena_no", "handbook_kind"),
        fare=pl.col("passenger_kind").fill_null("0"),
        **{f"part_{i}": _coded(f"part{i}", PARTS, "00") for i in (1, 2, 3)},
        **{f"part_grade_{i}": pl.col(f"part{i}_grade").fill_null("0") for i in (1, 2, 3)},
        **{f"disease_{i}": names.list.get(i - 1, null_on_oob=True) for i in (1, 2)},
        first=era7("first_issued"),
        issued=era7("issued_date"),
        reissued=era7("reissued_date"),
        returned=western("returned_date").fill_null("00000000"),
        expiry=era7("expiry"),
        next_judge=era5("next_judge_ym").fill_null("00000"),
        guardian_no=_number("guardian_atena_no"),
        reduced=pl.when(row % 3 == 0).then(pl.lit("10010000")).otherwise(pl.lit("00000000")),
        doctor=pl.when(pl.col("status") != "6").then(pl.lit("霧根　智成")),
        photo_no=(row + 70_001).cast(pl.String).str.zfill(8),
        card=(row % 5 == 0).cast(pl.Int8).cast(pl.String),
        ledger=row // 50 + 1,
        latest=generation(),
        **entered(),
    )  # fmt: skip


def _medical(town: Town) -> pl.DataFrame:
    rows = town.truth["dis_medical_allowance"].filter(pl.col("medical_kind").is_not_null())
    return rows.select(
        "recipient_no",
        _order=pl.int_range(pl.len()) * 10,
        atena_no=last("atena_no", 10),
        law=_coded("medical_kind", LAWS),
        seq="benefit_seq",
        applied=era7("applied_date"),
        decided=era7("decided_date"),
        start=era7("valid_from"),
        until=era7("valid_to"),
        severe="severe_flag",
        income=_coded("income_class", MEDICAL_INCOME),
        cap=pl.col("monthly_cap").fill_null(999_999),
        hospital="hospital_code",
        pharmacy=pl.col("pharmacy_code").fill_null(NOBODY),
        disease=_coded("medical_kind", DISEASES),
        insurance=pl.lit("1"),
        city_tax=pl.col("monthly_cap").fill_null(0) * 6,
        ended=western("ended_date").fill_null("00000000"),
        printed=pl.lit("1"),
        **entered(),
    )


def _allowances(town: Town) -> pl.DataFrame:
    rows = town.truth["dis_medical_allowance"].filter(pl.col("allowance_kind").is_not_null())
    parent = pl.col("allowance_kind") == "4"
    children = town.people.filter(pl.col("disabled") & pl.col("guardian").is_not_null())
    parents = town.people.select(guardian="person", parent="atena_no")
    children = children.join(parents, on="guardian").group_by("parent").agg(pl.col("atena_no").min().alias("child"))
    rows = rows.join(children, left_on="atena_no", right_on="parent", how="left", maintain_order="left")
    row = pl.int_range(pl.len())
    return rows.select(
        "monthly",
        _order=row * 10 + 3,
        atena_no=last("atena_no", 10),
        kind=pl.when(~parent).then("allowance_kind").when(pl.col("monthly") == FIRST_GRADE).then(pl.lit("5"))
        .otherwise(pl.lit("6")),
        seq="benefit_seq",
        child_no=pl.when(parent).then(last("child", 10)).fill_null(NOBODY),
        applied=era7("applied_date"),
        decided=era7("decided_date"),
        start=era7("valid_from"),
        stop="suspended",
        term=pl.when(row % 4 == 0).then(pl.lit("50907")).otherwise(pl.lit("00000")),
        ended=western("ended_date").fill_null("00000000"),
        bank=pl.lit("0991") + (row % 300 + 1).cast(pl.String).str.zfill(3),
        account_kind=pl.lit("1"),
        account_no=(row * 37 + 1_234).cast(pl.String).str.zfill(7),
        **entered(),
    )  # fmt: skip


def _decisions(town: Town) -> pl.DataFrame:
    """One record a decision, its services side by side."""
    rows = town.truth["dis_support"].with_columns(
        decision_no=pl.col("support_seq") // 100, place=pl.col("support_seq") % 100
    )
    cells = {
        "service": pl.col("service_code"), "quantity": (pl.col("quantity") * 10).cast(pl.Int64),
        "unit": pl.col("quantity_unit"), "special": pl.col("special_benefit").fill_null(0),
    }  # fmt: skip
    common = pl.exclude("place", "service_code", "quantity", "quantity_unit", "special_benefit", "support_seq")
    whole = rows.group_by("recipient_cert_no", "decision_no", maintain_order=True).agg(
        common.exclude("recipient_cert_no", "decision_no").first(),
        *[
            cell.filter(pl.col("place") == i).first().alias(f"{name}_{i}")
            for i in range(1, SERVICES + 1)
            for name, cell in cells.items()
        ],
    )
    slots = [f"{name}_{i}" for i in range(1, SERVICES + 1) for name in cells]
    return whole.select(
        "decision_no", *slots,
        _order=pl.int_range(pl.len()) * 10 + 6,
        cert_no="recipient_cert_no",
        atena_no=last("atena_no", 10),
        child_no=_number("child_atena_no"),
        level=("0" + pl.col("support_level")).fill_null("99"),
        level_decided=era7("level_decided"),
        level_start=era7("level_from"),
        level_until=era7("level_to"),
        decided=era7("decided_date"),
        start=era7("valid_from"),
        until=era7("valid_to"),
        income=_coded("income_class", SERVICE_INCOME),
        cap="monthly_cap",
        cap_office=pl.col("cap_office_no").fill_null(NOBODY),
        plan_office=pl.col("plan_office_no").fill_null(NOBODY),
        monitor=pl.lit("06"),
        visit=(pl.int_range(pl.len()) + 800).cast(pl.String).str.zfill(8),
        **entered(),
    )  # fmt: skip
