"""国民年金 as ASAMA's host keeps it: one record a spell with the class before the last change beside the present
one, five years of exemptions side by side, and pensions whose code hides in the certificate's number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import EXTRACTED, LegacyFile
from town.spell import era3, era5, era7, halfkana, last, western

if TYPE_CHECKING:
    from town.core import Town

INTO = {"01": "10", "02": "11", "03": "12", "04": "20", "05": "30"}
OUT = {"11": "50", "12": "51", "13": "52", "14": "53", "15": "54"}
KINDS = {
    "01": "10", "02": "11", "03": "12", "04": "13", "05": "20", "06": "30", "07": "40", "08": "50", "09": "90",
}  # fmt: skip
BENEFITS = {"01": "R", "02": "S", "03": "I", "04": "K", "05": "D"}
KEPT = 5


def files(town: Town) -> list[LegacyFile]:
    """NENKIN01.DAT."""
    header = {
        "system_id": ["ASAMA-NK"], "file_name": ["NENKIN01"], "city_code": [town.city],
        "extracted_at": [EXTRACTED], "run_no": [1], "book_version": ["2.4"],
    }  # fmt: skip
    parts = [
        ("header", pl.DataFrame(header)),
        ("insured", _insured(town)),
        ("exemption", _exemptions(town)),
        ("benefit", _benefits(town)),
        ("trailer", pl.DataFrame({"file_name": ["NENKIN01"]})),
    ]
    return [LegacyFile("asama/pension", "NENKIN01.DAT", parts)]


def _managed() -> dict[str, pl.Expr]:
    return {
        "deleted": pl.when(pl.col("is_deleted") == "1").then(pl.lit("9")).otherwise(pl.lit("0")),
        "operator": pl.col("operator_id"),
        "updated_date": western("operated_date"),
        "updated_time": pl.col("operated_time").str.replace_all(":", ""),
    }


def _insured(town: Town) -> pl.DataFrame:
    """One record a spell: a row whose class changed takes the row before it along."""
    names = town.people.select("atena_no", "name_kana")
    rows = town.truth["np_insured"].sort("atena_no", "np_seq")
    rows = rows.join(names, on="atena_no", how="left", maintain_order="left")
    changed = pl.col("changed_date").is_not_null()

    def before(column: str) -> pl.Expr:
        return pl.when(changed).then(pl.col(column).shift(1).over("atena_no"))

    rows = rows.with_columns(
        *(before(c).alias(f"old_{c}") for c in ("np_seq", "np_class", "acquired_date", "acquire_reason",
                                                "acquired_notified", "reported_date", "spouse_atena_no")),
        superseded=changed.shift(-1).over("atena_no").fill_null(value=False),
    ).filter(~pl.col("superseded"))  # fmt: skip
    volunteer = pl.col("voluntary") == "1"
    into = pl.coalesce("old_acquire_reason", "acquire_reason").replace_strict(INTO)
    old = pl.coalesce("old_acquired_date", "acquired_date") < "1997"
    flags = pl.concat_str(
        "additional_flag", "voluntary", pl.col("pay_kind").fill_null("0"), pl.lit("00000")
    )
    return rows.select(
        atena_no=last("atena_no", 10),
        seq="np_seq",
        pension_mark=pl.col("basic_pension_no").str.slice(0, 4),
        pension_number=pl.col("basic_pension_no").str.slice(4),
        kana=halfkana("name_kana").str.slice(0, 40),
        kind="np_class",
        acquired=era7(pl.coalesce("old_acquired_date", "acquired_date")),
        acquire_reason=pl.when(volunteer).then(pl.lit("40")).otherwise(into),
        notified=western("acquired_notified").fill_null("00000000"),
        sent=era7("reported_date"),
        old_seq=pl.col("old_np_seq").fill_null(0),
        old_kind=pl.col("old_np_class").fill_null("0"),
        changed=era7("changed_date"),
        change_reason=pl.when(changed).then(pl.lit("30")).otherwise(pl.lit("00")),
        old_notified=western("old_acquired_notified").fill_null("00000000"),
        old_sent=era7("old_reported_date"),
        lost=era7("lost_date"),
        lose_reason=pl.col("lose_reason").replace_strict(OUT, default=None).fill_null("00"),
        flags=flags,
        additional_from=era5("additional_from"),
        additional_to=era5("additional_to"),
        spouse_no=last(pl.coalesce("spouse_atena_no", "old_spouse_atena_no"), 10).fill_null(
            "0000000000"
        ),
        handbook_no=pl.when(old).then("4801-" + last("atena_no", 6)),
        paper_page=pl.when(old).then(last("atena_no", 5)),
        office=pl.lit("4801"),
        union_no=pl.lit("0000"),
        paid_months=pl.when(old).then(60).otherwise(0),
        **_managed(),
    )


def _exemptions(town: Town) -> pl.DataFrame:
    """One record a person."""
    rows = town.truth["np_exemption"].sort("atena_no", "exemption_seq")
    flags = pl.concat_str(
        "continue_flag", "unemployed", pl.col("head_income_kind").fill_null("0"), pl.lit("0")
    )
    told = {
        "exempt_year": era3("fiscal_year"),
        "exempt_kind": pl.col("exemption_kind").replace_strict(KINDS),
        "exempt_applied": era7("applied_date"),
        "exempt_from": era5("from_ym"),
        "exempt_to": pl.when(pl.col("to_ym") == "9999-12").then(pl.lit("99999")).otherwise(era5("to_ym")),
        "exempt_result": pl.col("result").replace("4", "0"),
        "exempt_flags": flags,
        "exempt_sent": era7("reported_date"),
        "exempt_decided": era7("decided_date"),
    }  # fmt: skip
    rows = rows.with_columns(**told)
    place = pl.col("exemption_seq")
    cells = [
        pl.col(name).filter(place == i).first().alias(f"{name}_{i}")
        for i in range(1, KEPT + 1)
        for name in told
    ]
    heads = pl.col("is_deleted", "operator_id", "operated_date", "operated_time").first()
    school = pl.col("school_name").drop_nulls().first()
    return (
        rows.group_by("atena_no", maintain_order=True)
        .agg(*cells, heads, school)
        .select(
            pl.col("^exempt_.*$"),
            atena_no=last("atena_no", 10),
            school="school_name",
            household_income=pl.lit(1_250),
            image_no="ME" + last("atena_no", 8),
            **_managed(),
        )
    )


def _benefits(town: Town) -> pl.DataFrame:
    number = pl.col("atena_no").cast(pl.Int64)
    return town.truth["np_benefit"].select(
        "amount",
        "certificate_no",
        atena_no=last("atena_no", 10),
        seq="benefit_seq",
        kind=pl.col("benefit_kind").replace_strict(BENEFITS),
        entitled=era7("entitled_date"),
        decided=western("decided_date").fill_null("00000000"),
        lost=western("lost_date").fill_null("00000000"),
        lost_reason=pl.when(pl.col("lost_date").is_not_null())
        .then(pl.lit("01"))
        .otherwise(pl.lit("00")),
        stop_reason=pl.when(pl.col("suspended") == "1").then(pl.lit("20")).otherwise(pl.lit("00")),
        bank=pl.lit("9999"),
        branch="0" + last("atena_no", 2),
        account=(1_000_000 + number % 8_999_999).cast(pl.String),
        phone="0267-" + last("atena_no", 2) + "-" + last("atena_no", 4),
        **_managed(),
    )
