"""介護保険 as ASAMA's host keeps it: this, the last and the certification before side by side, six amounts from the
pension and nine instalments in one record, and decisions as letters of one string."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.care_levy import DUE, REGULAR
from town.care_spread import SPECIAL, with_instalments
from town.core import EXTRACTED, LegacyFile, iso, workday
from town.spell import era3, era7, halfkana, last, western

if TYPE_CHECKING:
    from town.core import Town

INTO = {"001": "11", "002": "12", "003": "13", "004": "14", "005": "15", "009": "19"}
OUT = {"101": "51", "102": "52", "103": "53", "104": "54", "105": "55", "109": "59"}
LEVELS = {
    "01": "09", "06": "10", "11": "08", "12": "01", "13": "02", "21": "03", "22": "04", "23": "05", "24": "06", "25": "07",
}  # fmt: skip
BLOCKS = ("this", "last", "past")
NONE8, NOUGHT = "00000000", "00"


def files(town: Town) -> list[LegacyFile]:
    """KAIGO01.DAT."""
    header = {
        "system_id": ["ASAMA-KG"], "file_name": ["KAIGO01"], "city_code": [town.city], "extracted_at": [EXTRACTED],
        "run_no": [1], "book_version": ["4.0"],
    }  # fmt: skip
    parts = [
        ("header", pl.DataFrame(header)),
        ("insured", _insured(town)),
        ("certification", _certifications(town)),
        ("levy", _levies(town)),
        ("reduction", _reductions(town)),
        ("trailer", pl.DataFrame({"file_name": ["KAIGO01"]})),
    ]
    return [LegacyFile("asama/care", "KAIGO01.DAT", parts)]


def _managed() -> dict[str, pl.Expr]:
    return {
        "deleted": pl.when(pl.col("is_deleted") == "1").then(pl.lit("9")).otherwise(pl.lit("0")),
        "operator": pl.col("operator_id"),
        "updated_date": western("operated_date"),
        "updated_time": pl.col("operated_time").str.replace_all(":", ""),
    }


def _insured(town: Town) -> pl.DataFrame:
    """One record a number: the second class, if there was one, beside the first."""
    names = town.people.select("atena_no", "name_kana")
    rows = town.truth["ltci_insured"].sort("insured_no", "ltci_seq")
    rows = rows.join(names, on="atena_no", how="left", maintain_order="left")
    old = pl.col("insured_kind", "acquired_date", "acquire_reason").shift(1).over("insured_no")
    rows = rows.with_columns(old.name.prefix("old_"))
    rows = rows.group_by("insured_no", maintain_order=True).last()
    flags = pl.concat_str(
        "resid_exception", "exempted", "restriction_kind", pl.col("copay_ratio").fill_null("0"), pl.lit("0000")
    )  # fmt: skip
    second = pl.col("insured_kind") == "2"
    return rows.select(
        "insured_no",
        "insurer_no",
        "facility_no",
        atena_no=last("atena_no", 10),
        kana=halfkana("name_kana").str.slice(0, 40),
        seq="ltci_seq",
        kind="insured_kind",
        acquired=era7("acquired_date"),
        notified=western("acquired_notified").fill_null(NONE8),
        acquire_reason=pl.col("acquire_reason").replace_strict(INTO),
        first_acquired=era7("first_acquired"),
        lost=era7("lost_date"),
        lost_notified=western("lost_notified").fill_null(NONE8),
        lose_reason=pl.col("lose_reason").replace_strict(OUT, default=None).fill_null(NOUGHT),
        old_kind=pl.col("old_insured_kind").fill_null("0"),
        old_acquired=era7("old_acquired_date"),
        old_reason=pl.col("old_acquire_reason").replace_strict(INTO, default=None).fill_null(NOUGHT),
        flags=flags,
        copay_from=era7("copay_from"),
        admitted=era7("admitted_date"),
        discharged=era7("discharged_date"),
        cert_issued=western("cert_issued").fill_null(NONE8),
        send_to=pl.when(pl.col("facility_no").is_not_null()).then(pl.lit("1")).otherwise(pl.lit("0")),
        kokuho_no=pl.when(pl.col("lost_date").is_not_null()).then("KR" + last("insured_no", 7)),
        medical=pl.when(second).then(pl.lit("00480012")),
        pension_link=pl.lit("0"),
        **_managed(),
    )  # fmt: skip


def _certifications(town: Town) -> pl.DataFrame:
    """One record a person."""
    level = {"first": "first_result", "level": "care_level"}
    told = {
        "kind": pl.col("apply_kind"),
        "applied": era7("applied_date"),
        "survey": era7("survey_date"),
        "board": era7("board_date"),
        "board_no": pl.col("board_no"),
        "certified": era7("certified_date"),
        "from": era7("valid_from"),
        "to": era7("valid_to"),
        "months": pl.col("valid_months").fill_null(0),
        "disease": pl.col("disease_code"),
        "units": pl.col("limit_units").fill_null(0),
    } | {
        name: pl.col(column).replace_strict(LEVELS, default=None).fill_null(NOUGHT)
        for name, column in level.items()
    }
    rows = town.truth["ltci_certification"].sort("insured_no", "cert_seq")
    rows = rows.with_columns(
        **{f"c_{name}": value for name, value in told.items()},
        before=pl.col("prev_level").replace_strict(LEVELS, default=None).fill_null(NOUGHT),
        ago=pl.len().over("insured_no") - 1 - pl.int_range(pl.len()).over("insured_no"),
    )
    ago = pl.col("ago")
    cells = [
        pl.col(f"c_{name}").filter(ago == i).first().alias(f"{block}_{name}")
        for i, block in enumerate(BLOCKS)
        for name in told
    ]
    now = pl.col(
        "cert_seq", "opinion_date", "cancelled_date", "plan_office_no", "board_opinion", "is_deleted", "operator_id",
        "operated_date", "operated_time",
    ).last()  # fmt: skip
    records = rows.group_by("insured_no", maintain_order=True).agg(
        *cells, now, past_prev_level=pl.col("before").filter(ago == 2).first()
    )
    nothing = {
        f"{block}_{name}": pl.col(f"{block}_{name}").fill_null(blank)
        for block in BLOCKS
        for name, blank in (("kind", "0"), ("first", NOUGHT), ("level", NOUGHT), ("months", 0), ("units", 0))
    }  # fmt: skip
    plain = [f"{b}_{n}" for b in BLOCKS for n in told if f"{b}_{n}" not in nothing]
    return records.select(
        "insured_no",
        *plain,
        **nothing,
        cert_count="cert_seq",
        past_prev_level=pl.col("past_prev_level").fill_null(NOUGHT),
        this_opinion=era7("opinion_date"),
        this_cancelled=era7("cancelled_date"),
        this_office="plan_office_no",
        this_words="board_opinion",
        surveyor="S" + last("insured_no", 2),
        **_managed(),
    )


def _levies(town: Town) -> pl.DataFrame:
    rows = with_instalments(town)
    due = {n: era7(iso(workday(pl.lit(DUE[n])))) for n in REGULAR}
    before = (
        pl.col("annual", "stage").shift(1).over("tax_year", "insured_no", order_by="levy_hist_no")
    )
    rows = rows.with_columns(before.name.prefix("old_"))
    why = (
        pl.when(pl.col("tax_year") < pl.col("levy_year")).then(pl.lit("40"))
        .when(pl.col("corrected_date").is_null()).then(pl.lit(NOUGHT)).when(pl.col("exemption") > 0).then(pl.lit("30"))
        .when(pl.col("months") < 12).then(pl.lit("10")).otherwise(pl.lit("20"))
    )  # fmt: skip
    paying = {f"regular_due_{n}": pl.when(pl.col(f"regular_{n}") > 0).then(due[n]) for n in REGULAR}
    return rows.select(
        "insured_no", "notice_no", "stage", "gross_income", "pension_income", "annual", "months", "exemption",
        "pension_code",
        *(pl.col(name).alias(f"special_amount_{i}") for i, name in enumerate(SPECIAL, 1)),
        *(pl.col(f"regular_{n}").alias(f"regular_amount_{n}") for n in REGULAR),
        **paying,
        tax_year=era3("tax_year"),
        levy_year=era3("levy_year"),
        correction_no=pl.col("levy_hist_no") - 1,
        tax_flags=pl.concat_str("household_tax", "self_tax", pl.lit("00")),
        collect="collect_kind",
        pension_payer=pl.when(pl.col("pension_code").is_not_null()).then(pl.lit("Z01")),
        next_spring=pl.col("sp_feb"),
        previous_annual=pl.col("old_annual").fill_null(0),
        previous_stage=pl.col("old_stage").fill_null(NOUGHT),
        reason=why,
        corrected=era7("corrected_date"),
        batch_no=pl.lit("070701"),
        latest=pl.when(pl.col("is_latest") == "1").then(pl.lit("0")).otherwise(pl.lit("1")),
        **_managed(),
    )  # fmt: skip


def _reductions(town: Town) -> pl.DataFrame:
    result = pl.col("approved").replace("4", "0")
    return town.truth["ltci_reduction"].select(
        "insured_no",
        seq="reduction_seq",
        applied=era7("applied_date"),
        flags=pl.concat_str(
            pl.col("reduction_kind").str.slice(1), result, pl.col("stage").fill_null("0"), pl.lit("00000")
        ),
        valid_from=era7("valid_from"),
        valid_to=era7("valid_to"),
        meal=pl.col("meal_limit").fill_null(0),
        room=pl.col("room_limit").fill_null(0),
        savings=pl.lit(3_400),
        cert_no=pl.when(pl.col("approved") == "1").then("N" + last("insured_no", 7)),
        **_managed(),
    )  # fmt: skip
