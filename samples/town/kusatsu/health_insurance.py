"""国民健康保険 as KUSATSU's mainframe unloads it: households, people with all their periods, levies and benefits in one
file, told apart by their first byte; dates as packed numbers, what is taken off as negative ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.core import LegacyFile
from town.kusatsu.records import header, managed
from town.spell import era7, halfkana, last, western

if TYPE_CHECKING:
    from town.core import Town

ACQUIRED = {"01": "T", "02": "S", "03": "B", "04": "H", "05": "K", "06": "E", "09": "Z"}
LOST = {"11": "T", "12": "S", "13": "D", "14": "H", "16": "K", "15": "E", "19": "Z"}
KINDS = {"1": "I", "2": "H", "3": "F"}
LIMITS = {"01": "ｱ", "02": "ｲ", "03": "ｳ", "04": "ｴ", "05": "ｵ", "11": "G3", "12": "G2", "13": "G1", "14": "IP", "15": "L2",
          "16": "L1"}  # fmt: skip
REDUCTIONS = {"0": "N", "7": "A", "5": "B", "2": "C"}
WAYS = {"2": "F", "1": "N", "3": "H"}
REASONS = {"001": "J", "002": "S", "003": "K", "004": "G", "005": "O"}
BENEFITS = {"01": "R", "02": "K", "03": "G", "04": "S", "05": "T", "06": "I"}
PERIODS = 4


def files(town: Town) -> list[LegacyFile]:
    """KZKOKUHO.DAT."""
    parts = [
        header(town, "KZKOKUHO"),
        ("household", _households(town)),
        ("person", _people(town)),
        ("levy", _levies(town)),
        ("benefit", _benefits(town)),
        ("trailer", None),
    ]
    return [LegacyFile("kusatsu/nhi", "KZKOKUHO.DAT", parts)]


def _packed(column: str) -> pl.Expr:
    """GYYMMDD as a number; 0 for none."""
    return era7(column).cast(pl.Int64).fill_null(0)


def _coded(column: str, codes: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(codes, default=None)


def _day(column: str, none: str = "00000000") -> pl.Expr:
    return western(column).fill_null(none)


def _households(town: Town) -> pl.DataFrame:
    serial = pl.col("nhi_symbol_no").str.slice(2).cast(pl.Int64)
    return town.truth["nhi_household"].select(
        "insurer_no",
        symbol_no="nhi_symbol_no", hist_no="nhi_hh_hist_no",
        household_no=last("household_no", 10), head_no=last("head_atena_no", 10),
        state=pl.concat_str("pseudo_head", "short_cert", "specified_hh", pl.lit("0")),
        applied=_packed("applied_date"), apply_reason=_coded("apply_reason", ACQUIRED),
        closed=_packed("closed_date"), close_reason=_coded("close_reason", LOST),
        town_head=serial % 300,
        union_card=pl.when(serial % 50 == 0).then("KK" + serial.cast(pl.String).str.zfill(6)),
        **managed(),
    )  # fmt: skip


def _people(town: Town) -> pl.DataFrame:
    """One record a person, the period that lasts first, then from new to old."""
    rows = town.truth["nhi_insured"].with_columns(lasts=pl.col("lost_date").is_null())
    rows = rows.sort("atena_no", "lasts", "nhi_seq", descending=[False, True, True])
    place = pl.int_range(1, pl.len() + 1).over("atena_no")
    own = managed()
    fields = {
        "seq": pl.col("nhi_seq"), "branch": pl.col("branch_no").fill_null("00"), "kind": _coded("nhi_kind", KINDS),
        "acquired": _packed("acquired_date"), "acquired_told": _packed("acquired_notified"),
        "acquire_reason": _coded("acquire_reason", ACQUIRED),
        "lost": _packed("lost_date"), "lost_told": _packed("lost_notified"), "lose_reason": _coded("lose_reason", LOST),
        "returned": _coded("cert_returned", {"1": "K", "2": "M"}),
        "void": own["deleted"], "term_date": own["updated_date"], "term_time": own["updated_time"],
        "term_operator": own["operator"],
    }  # fmt: skip
    names = town.people.select("atena_no", kana=halfkana("name_kana").str.slice(0, 40))
    rows = rows.select(
        "atena_no", "nhi_symbol_no",
        place=place,
        person_state=pl.concat_str(
            "student_kind", "resid_exception", "specific_disease", pl.col("elderly_ratio").fill_null("0"), pl.lit("00")
        ),
        limit_class_=_coded("limit_class", LIMITS),
        limit_from=_day("limit_from"), limit_to=_day("limit_to", "99999999"),
        cert_from=_day("cert_issued"), cert_to=_day("cert_expiry", "99999999"),
        retiree=_packed("retiree_from"),
        **fields,
    )  # fmt: skip
    cells = [
        pl.col(name).filter(pl.col("place") == i).first().alias(f"{name}_{i}")
        for i in range(1, PERIODS + 1)
        for name in fields
    ]
    of_first = (
        "nhi_symbol_no",
        "person_state",
        "limit_class_",
        "limit_from",
        "limit_to",
        "cert_from",
        "cert_to",
    )
    rows = rows.group_by("atena_no", maintain_order=True).agg(
        *(pl.col(c).first() for c in of_first), pl.col("retiree").max(), *cells
    )
    rows = rows.join(names, on="atena_no", how="left", maintain_order="left")
    return rows.with_columns(pl.col("^(seq|acquired|acquired_told|lost|lost_told)_.$").fill_null(0)).select(
        pl.exclude("atena_no", "nhi_symbol_no", "limit_class_"),
        person_no=last("atena_no", 10), symbol_no="nhi_symbol_no", limit_class="limit_class_",
    )  # fmt: skip


def _levies(town: Town) -> pl.DataFrame:
    """The four parts by their place."""
    key = ("notice_no", "tax_year", "levy_year", "levy_hist_no")
    values = {
        "count": pl.col("insured_count"), "months": pl.col("months"), "base": pl.col("income_base"),
        "income": pl.col("income_levy"), "asset": pl.col("asset_levy"), "heads": pl.col("percapita_levy"),
        "homes": pl.col("household_levy"), "lighter": -pl.col("reduction"), "preschool": -pl.col("preschool_reduction"),
        "over": -pl.col("over_cap"), "exempt": -pl.col("exemption"), "annual": pl.col("annual"),
    }  # fmt: skip
    common = (
        "head_atena_no", "reduction_kind", "collect_kind", "corrected_date", "correct_reason", "is_latest", "is_deleted",
        "operator_id", "operated_date", "operated_time",
    )  # fmt: skip
    rows = town.truth["nhi_levy"].sort(key).group_by(key, maintain_order=True).agg(
        *(value.filter(pl.col("levy_part") == str(i)).first().fill_null(0).alias(f"{name}_{i}")
          for i in range(1, 5) for name, value in values.items()),
        *(pl.col(c).first() for c in common), total=pl.col("annual").sum(),
    )  # fmt: skip
    before = pl.col("total").shift(1).over("notice_no", order_by="levy_hist_no")
    return rows.select(
        "levy_year", "tax_year", "notice_no",
        hist_no="levy_hist_no", payer_no=last("head_atena_no", 10),
        reduction_class=_coded("reduction_kind", REDUCTIONS), collection=_coded("collect_kind", WAYS),
        **{f"{name}_{i}": pl.col(f"{name}_{i}") for i in range(1, 5) for name in values},
        corrected=_day("corrected_date"), reason=_coded("correct_reason", REASONS),
        printed=pl.lit("1"), old_annual=before.fill_null(0),
        **managed(),
    )  # fmt: skip


def _benefits(town: Town) -> pl.DataFrame:
    return town.truth["nhi_benefit"].select(
        "benefit_no", "cost", "self_pay", "amount",
        person_no=last("atena_no", 10), symbol_no="nhi_symbol_no", kind=_coded("benefit_kind", BENEFITS),
        treated=western("treat_ym").fill_null("000000"), hospital=pl.col("hospital_code").fill_null("0000000000"),
        in_out=_coded("in_out", {"1": "N", "2": "G"}), limit_class=_coded("limit_class", LIMITS), many="multi_flag",
        applied=_day("applied_date"), decided=_day("decided_date"), paid=_day("paid_date"),
        hold=_coded("hold_flag", {"1": "S"}),
        slip_no=20_000_000 + pl.int_range(pl.len()) * 13,
        **managed(),
    )  # fmt: skip
