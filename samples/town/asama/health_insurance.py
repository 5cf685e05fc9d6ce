"""国民健康保険 of ASAMA: the household's ledger with its insured persons side by side, the levy with its four parts side
by side, the benefits in records of two kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import EXTRACTED, LegacyFile
from town.premium_terms import NOTICE, by_notice
from town.spell import era3, era5, era7, halfkana, last, western

if TYPE_CHECKING:
    from town.core import Town

ACQUIRED = {"01": "11", "02": "12", "03": "13", "04": "14", "05": "15", "06": "16", "09": "19"}
LOST = {"11": "21", "12": "22", "13": "23", "14": "24", "16": "25", "15": "26", "19": "29"}
LIMITS = {"01": "11", "02": "12", "03": "13", "04": "14", "05": "15", "11": "21", "12": "22", "13": "23", "14": "24",
          "15": "25", "16": "26"}  # fmt: skip
REDUCTIONS = {"0": "0", "7": "1", "5": "2", "2": "3", "8": "4", "9": "5"}
WAYS = {"2": "0", "1": "1", "3": "2"}
BENEFITS = {"02": "20", "03": "30", "04": "40", "05": "50", "06": "60"}
PARTS = {"1": "medical", "2": "support", "3": "care", "4": "child"}
PART_FIELDS = {
    "count": "insured_count", "base": "income_base", "income": "income_levy", "asset": "asset_levy",
    "heads": "percapita_levy", "household": "household_levy", "reduction": "reduction",
    "preschool": "preschool_reduction", "over": "over_cap", "exempt": "exemption", "months": "months", "annual": "annual",
}  # fmt: skip
PLACES = 6


def files(town: Town) -> list[LegacyFile]:
    """KHSHIKA1.DAT, KHFUKA01.DAT and KHKYUFU1.DAT."""
    treatments, sums = _benefits(town)
    return [
        _file(town, "nhi_ledger", "KHSHIKA1", [("household", _ledger(town))]),
        _file(town, "nhi_levy", "KHFUKA01", [("levy", _levies(town))]),
        _file(town, "nhi_benefit", "KHKYUFU1", [("treatment", treatments), ("fixed_sum", sums)]),
    ]


def _file(
    town: Town, layout: str, name: str, data: list[tuple[str, pl.DataFrame | None]]
) -> LegacyFile:
    header = pl.DataFrame({
        "system_id": ["ASAMA-KH"], "file_name": [name], "city_code": [town.city], "extracted_at": [EXTRACTED],
        "run_no": [1], "book_version": ["2.6"],
    })  # fmt: skip
    parts = [("header", header), *data, ("trailer", pl.DataFrame({"file_name": [name]}))]
    return LegacyFile(f"asama/{layout}", f"{name}.DAT", parts)


def managed() -> dict[str, pl.Expr]:
    """最新区分 (0 is the latest), 削除区分, who wrote it and when."""
    return {
        "latest": pl.when(pl.col("is_latest") == "1").then(pl.lit("0")).otherwise(pl.lit("1")),
        "deleted": pl.when(pl.col("is_deleted") == "1").then(pl.lit("9")).otherwise(pl.lit("0")),
        "operator": pl.col("operator_id"),
        "updated_date": western("operated_date"),
        "updated_time": pl.col("operated_time").str.replace_all(":", ""),
    }


def coded(column: str, codes: dict[str, str], blank: str = "00") -> pl.Expr:
    """The vendor's code, and its own way to say that there is none."""
    return pl.col(column).replace_strict(codes, default=None).fill_null(blank)


def _numbered() -> dict[str, pl.Expr]:
    """記号 and 番号."""
    return {
        "symbol": pl.col("nhi_symbol_no").str.slice(0, 2),
        "number": pl.col("nhi_symbol_no").str.slice(2),
    }


# ---- the ledger ----


def _ledger(town: Town) -> pl.DataFrame:
    """One record a generation of a household; periods beyond the sixth in further records of the latest."""
    names = town.people.select("atena_no", head_name=pl.col("name").str.slice(0, 20),
                               head_kana=halfkana("name_kana").str.slice(0, 40))  # fmt: skip
    homes = town.truth["nhi_household"].join(
        names, left_on="head_atena_no", right_on="atena_no", how="left", maintain_order="left"
    )
    persons = _persons(town)
    counted = persons.group_by("nhi_symbol_no").agg(
        member_count=((pl.col("lost").is_null()) & (pl.col("person_deleted") == "0")).sum()
    )
    homes = homes.join(counted, on="nhi_symbol_no", how="left", maintain_order="left")
    newest = pl.col("nhi_hh_hist_no") == pl.col("nhi_hh_hist_no").max().over("nhi_symbol_no")
    serial = pl.col("nhi_symbol_no").str.slice(2).cast(pl.Int64)
    short, special = pl.col("short_cert") != "0", pl.col("specified_hh") != "0"
    first = homes.select(
        "nhi_symbol_no", "head_name", "head_kana", "insurer_no", "short_cert",
        **_numbered(),
        continuation=pl.lit(0),
        hist_no="nhi_hh_hist_no",
        household_no=last("household_no", 10),
        head_no=last("head_atena_no", 10),
        pseudo="pseudo_head",
        applied=era7("applied_date"), apply_reason=coded("apply_reason", ACQUIRED),
        closed=era7("closed_date"), close_reason=coded("close_reason", LOST),
        short_until=pl.when(short).then(pl.lit("20250131")).otherwise(pl.lit("00000000")),
        specified="specified_hh",
        specified_from=pl.when(special).then(pl.lit("5050801")),
        old_number=pl.when(pl.col("applied_date") < "2002-10-01").then("浅国" + (serial * 7).cast(pl.String)),
        tax_union=pl.lit("0000"),
        mail_class=(serial % 40 == 0).cast(pl.Int8).cast(pl.String),
        by_bank=(serial % 3 > 0).cast(pl.Int8).cast(pl.String),
        member_count=pl.col("member_count").fill_null(0),
        elder_count=special.cast(pl.Int64),
        newest=newest,
        **managed(),
    )  # fmt: skip
    own = persons.filter(pl.col("chunk") == 0)
    names_ = [c for c in persons.columns if c not in ("chunk", "nhi_symbol_no", "place")]
    records = first.join(
        _side_by_side(own, names_), on="nhi_symbol_no", how="left", maintain_order="left"
    )
    more = _side_by_side(persons.filter(pl.col("chunk") > 0), names_)
    kept = ("nhi_symbol_no", "symbol", "number", "hist_no", *managed())
    more = more.join(
        first.filter("newest").select(kept), on="nhi_symbol_no", how="inner", maintain_order="left"
    )
    records = pl.concat(
        [records, more.with_columns(continuation=pl.col("chunk"))], how="diagonal_relaxed"
    )
    records = records.sort("number", "hist_no", "continuation")
    return records.drop("nhi_symbol_no", "newest", "chunk")


def _side_by_side(persons: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Up to six periods of a household and chunk."""
    return persons.group_by("nhi_symbol_no", "chunk", maintain_order=True).agg(
        pl.col(name).filter(pl.col("place") == i).first().alias(f"{name}_{i}")
        for i in range(1, PLACES + 1)
        for name in names
    )


def _persons(town: Town) -> pl.DataFrame:
    """The fields of one place, and where it is: chunk 0 is the first record."""
    rows = town.truth["nhi_insured"].sort("nhi_symbol_no", "atena_no", "nhi_seq")
    turn = pl.int_range(pl.len()).over("nhi_symbol_no")
    blank = pl.lit("00000000")
    own = managed()
    return rows.select(
        "nhi_symbol_no",
        chunk=turn // PLACES,
        place=turn % PLACES + 1,
        person_no=last("atena_no", 10),
        seq="nhi_seq",
        branch=pl.col("branch_no").fill_null("00"),
        kind="nhi_kind",
        acquired=era7("acquired_date"), acquired_notified=era7("acquired_notified"),
        acquire_reason=coded("acquire_reason", ACQUIRED),
        lost=era7("lost_date"), lost_notified=era7("lost_notified"), lose_reason=coded("lose_reason", LOST),
        flags=pl.concat_str(
            "student_kind", "resid_exception", "specific_disease", pl.col("elderly_ratio").fill_null("0"),
            "cert_returned", pl.lit("0"),
        ),
        retiree_from=era7("retiree_from"),
        limit_class=coded("limit_class", LIMITS),
        limit_from=western("limit_from").fill_null(blank), limit_to=western("limit_to").fill_null(blank),
        cert_from=western("cert_issued").fill_null(blank), cert_to=western("cert_expiry").fill_null(blank),
        cert_count=pl.when(pl.col("cert_issued").is_not_null()).then(1).otherwise(0),
        person_deleted=own["deleted"], person_operator=own["operator"], person_date=own["updated_date"],
        person_time=own["updated_time"],
    )  # fmt: skip


# ---- levies ----


def _levies(town: Town) -> pl.DataFrame:
    key = ("notice_no", "tax_year", "levy_year", "levy_hist_no")
    common = (
        "head_atena_no", "reduction_kind", "collect_kind", "corrected_date", "correct_reason", "is_latest", "is_deleted",
        "operator_id", "operated_date", "operated_time",
    )  # fmt: skip
    cells = [
        pl.col(column).filter(pl.col("levy_part") == part).first().alias(f"{name}_{field}")
        for part, name in PARTS.items()
        for field, column in PART_FIELDS.items()
    ]
    rows = town.truth["nhi_levy"].sort(key).group_by(key, maintain_order=True).agg(
        *cells, *(pl.col(c).first() for c in common), total=pl.col("annual").sum(),
        judged_income=pl.col("income_base").max() + 430_000,
    )  # fmt: skip
    rows = rows.join(by_notice(town, "07"), on=NOTICE, how="left", maintain_order="left")
    homes = town.truth["nhi_household"].filter(pl.col("is_latest") == "1")
    symbols = homes.select("nhi_symbol_no", serial=pl.col("nhi_symbol_no").str.slice(2))
    rows = rows.with_columns(serial=pl.col("notice_no").str.slice(3)).join(
        symbols, on="serial", how="left", maintain_order="left"
    )
    live = pl.col("is_latest") == "1"
    terms: dict[str, pl.Expr] = {}
    for i in range(1, 11):
        terms[f"regular_amount_{i}"] = pl.when(live).then(pl.col(f"amount_{i:02}")).fill_null(0)
        terms[f"regular_due_{i}"] = pl.when(live).then(era7(pl.col(f"due_{i:02}"))).fill_null("0000000")  # fmt: skip
    for i in range(1, 7):
        terms[f"pension_amount_{i}"] = pl.when(live).then(pl.col(f"amount_{i + 20}")).fill_null(0)
    parts = {
        f"{p}_{f}": pl.col(f"{p}_{f}").fill_null(0) for p in PARTS.values() for f in PART_FIELDS
    }
    before = pl.col("total").shift(1).over("notice_no", order_by="levy_hist_no")
    return rows.select(
        "notice_no", "total", "judged_income",
        levy_year=era3("levy_year"), tax_year=era3("tax_year"),
        correction_no=pl.col("levy_hist_no") - 1,
        **_numbered(),
        reduction=coded("reduction_kind", REDUCTIONS, "0"),
        collection=coded("collect_kind", WAYS, "0"),
        **parts,
        old_total=before.fill_null(0),
        corrected=era7("corrected_date"),
        reason=pl.col("correct_reason").str.slice(1).fill_null("00"),
        **terms,
        pension_code=pl.when(pl.col("collect_kind") == "2").then(pl.lit("000")).otherwise(pl.lit("051")),
        batch_no=pl.lit("000415"),
        **managed(),
    )  # fmt: skip


# ---- benefits ----


def _benefits(town: Town) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those for treatment, and those of a fixed sum in thousands of yen; in the order in which they were received."""
    rows = (
        town.truth["nhi_benefit"].with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    )
    holders = town.people.select("atena_no", holder="name", holder_kana="name_kana")
    rows = rows.join(holders, on="atena_no", how="left", maintain_order="left")
    common = {
        "_order": pl.col("row"),
        "year": pl.col("benefit_no").str.slice(0, 4), "serial": pl.col("benefit_no").str.slice(4),
        "person_no": last("atena_no", 10), **_numbered(),
        "applied": era7("applied_date"), "decided": era7("decided_date"), "paid": era7("paid_date"),
        "hold": pl.col("hold_flag"),
        "bank": pl.lit("9900012"), "account": (1_000_000 + pl.col("row") * 37 % 9_000_000).cast(pl.String),
        "account_name": halfkana("holder_kana").str.slice(0, 30),
        **managed(),
    }  # fmt: skip
    fixed = pl.col("benefit_kind").is_in(["04", "05"])
    plain = "1" + (pl.col("row") % 3).cast(pl.String)  # 10, 11, 12: kinds of 療養費
    treatments = rows.filter(~fixed).select(
        "cost", "self_pay", "amount",
        **common,
        kind=pl.when(pl.col("benefit_kind") == "01").then(plain).otherwise(coded("benefit_kind", BENEFITS)),
        treated=era5("treat_ym"), hospital="hospital_code", in_out=pl.col("in_out").fill_null("0"),
        limit_class=coded("limit_class", LIMITS), many="multi_flag",
        receipt_no=pl.when(pl.col("hospital_code").is_not_null())
        .then(pl.concat_str(pl.lit("48"), western("treat_ym"), pl.col("benefit_no").str.slice(-4))),
    )  # fmt: skip
    sums = rows.filter(fixed).select(
        **common,
        kind=coded("benefit_kind", BENEFITS),
        event_name=pl.col("holder").str.slice(0, 20),
        cost=pl.col("cost") // 1000, amount=pl.col("amount") // 1000,
        direct=pl.when(pl.col("benefit_kind") == "04").then(pl.lit("1")).otherwise(pl.lit("0")),
    )  # fmt: skip
    return treatments, sums
