"""児童手当 as ASAMA's host keeps it: a recipient with up to six children side by side, in the latest record only, and a
year's payments in one record: six regular ones and three between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.asama.host import entered, generation, header, trailer
from town.core import LegacyFile
from town.spell import era3, era5, era7, last, western

if TYPE_CHECKING:
    from town.core import Town

KIND = {"1": "10", "2": "15", "3": "30"}
REASON = {"01": "10", "02": "20", "03": "30", "04": "40", "05": "50", "09": "90"}
END = {"11": "10", "12": "20", "13": "30", "14": "40", "15": "50", "16": "60", "19": "90"}
STATE = {"3": "2", "2": "3"}
ACCOUNT = {"1": "1", "2": "2", "4": "3"}
RELATION = {"長男": "11", "二男": "12", "三男": "13", "長女": "21", "二女": "22", "子": "29"}
HOME = {"1": "0", "2": "1", "3": "2"}
STAGE = {"1": "A", "2": "B", "3": "C", "4": "D", "5": "U"}
PAID = {"1": "1", "3": "2", "2": "3", "4": "9"}
ENDLESS = "99999"
ROOM = {"child": 6, "regular": 6, "extra": 3}
"""Places of each group in a record."""


def files(town: Town) -> list[LegacyFile]:
    """JIDOTE01.DAT."""
    parts = [
        ("header", header("ASAMA-JT", "JIDOTE01")),
        ("recipient", _recipients(town)),
        ("payment", _payments(town)),
        ("trailer", trailer("JIDOTE01")),
    ]
    return [LegacyFile("asama/child_allowance", "JIDOTE01.DAT", parts)]


def _coded(column: str, codes: dict[str, str], blank: str | None = None) -> pl.Expr:
    return pl.col(column).replace_strict(codes, default=blank, return_dtype=pl.String)


def _side_by_side(rows: pl.DataFrame, key: list[str], group: str) -> pl.DataFrame:
    """One row a key: each column of the group as name_1, name_2 ... by the number in `at`."""
    cells = [c for c in rows.columns if c not in (*key, "at")]
    return rows.group_by(key, maintain_order=True).agg(
        pl.col(c).filter(pl.col("at") == i).first().alias(f"{c}_{i}")
        for i in range(1, ROOM[group] + 1)
        for c in cells
    )


def _children(town: Town) -> pl.DataFrame:
    rows = town.truth["ca_child"].select(
        "recipient_no",
        at="child_seq",
        child_no=last("child_atena_no", 10),
        child_rel=_coded("rel_text", RELATION, "00"),
        child_birth=era7("birth_date"),
        child_home=_coded("living_kind", HOME),
        child_stage=_coded("child_kind", STAGE),
        child_order="birth_order",
        child_from=era5("from_ym"),
        child_to=era5("to_ym").fill_null(ENDLESS),
        child_abroad="abroad_flag",
        child_monthly="monthly",
    )
    return _side_by_side(rows, ["recipient_no"], "child")


def _recipients(town: Town) -> pl.DataFrame:
    rows = town.truth["ca_recipient"]
    newest = pl.col("rec_hist_no") == pl.col("rec_hist_no").max().over("recipient_no")
    children = _children(town).with_columns(newest=pl.lit(value=True))
    slots = [c for c in children.columns if c not in ("recipient_no", "newest")]
    names = town.people.select(spouse_atena_no="atena_no", spouse_name=pl.col("name").str.slice(0, 15))
    rows = rows.with_columns(newest=newest).join(
        children, on=["recipient_no", "newest"], how="left", maintain_order="left"
    )
    rows = rows.join(names, on="spouse_atena_no", how="left", maintain_order="left")
    body, ended = pl.col("ca_kind") == "3", pl.col("ended_date").is_not_null()
    before = pl.col("monthly").shift(1).over("recipient_no", order_by="rec_hist_no").fill_null(0)
    job = pl.col("pension_kind").replace_strict({"1": "1", "2": "2"}, default="9")
    return rows.select(
        "dependents", "child_count", "monthly", "spouse_name", "account_no", *slots,
        _order=pl.int_range(pl.len()) * 10,
        recipient_no=last("recipient_no", 8),
        hist_no="rec_hist_no",
        owner_class=pl.when(body).then(pl.lit("3")).otherwise(pl.lit("1")),
        atena_no=last("atena_no", 10),
        kind=_coded("ca_kind", KIND),
        state=pl.when(ended).then(pl.lit("8")).otherwise(_coded("hold_kind", STATE, "1")),
        applied=era7("applied_date"),
        apply_reason=_coded("apply_reason", REASON),
        approved=era7("approved_date"),
        from_ym=era5("from_ym"),
        to_ym=era5("to_ym").fill_null(ENDLESS),
        ended=era7("ended_date"),
        end_reason=_coded("end_reason", END, "00"),
        job=pl.when(pl.col("official_flag") == "1").then(pl.lit("3")).when(~body).then(job),
        pension="pension_kind",
        spouse_no=last("spouse_atena_no", 10).fill_null("0000000000"),
        income=pl.col("income") // 1000,
        old_monthly=before,
        revised=era5(pl.col("operated_date").str.slice(0, 7)),
        report=western("status_report_date").fill_null("00000000"),
        report_state=pl.when(pl.col("status_report_date").is_null()).then(pl.lit("0")).otherwise(pl.lit("1")),
        bank=pl.col("bank_code") + pl.col("branch_code"),
        account_kind=_coded("account_kind", ACCOUNT),
        account_kana="account_name_kana",
        public_account=(pl.int_range(pl.len()) % 3 == 0).cast(pl.Int8).cast(pl.String),
        care_proof=(pl.col("child_count") > 2).cast(pl.Int8).cast(pl.String),
        notice_no=(pl.int_range(pl.len()) + 30_001).cast(pl.String).str.zfill(9),
        window=(pl.int_range(pl.len()) % 2 + 1).cast(pl.String).str.zfill(2),
        remark=pl.when(pl.int_range(pl.len()) % 17 == 0).then(pl.lit("口座の名義を確かめた")),
        latest=generation(),
        **entered(),
    )  # fmt: skip


def _payments(town: Town) -> pl.DataFrame:
    rows = town.truth["ca_payment"].sort("recipient_no", "pay_ym", "pay_seq")
    year, month = pl.col("pay_ym").str.slice(0, 4).cast(pl.Int64), pl.col("pay_ym").str.slice(5)
    rows = rows.with_columns(
        fiscal=(year - (month < "04").cast(pl.Int64)).cast(pl.String), regular=pl.col("pay_seq") == 1
    )
    key = ["recipient_no", "fiscal"]
    whole = rows.group_by(key, maintain_order=True).agg(
        pl.col("operator_id", "operated_date", "operated_time", "is_deleted").last(),
        year_total=pl.col("amount").filter(pl.col("status").is_in(["1", "4"])).sum(),
    )
    for group in ("regular", "extra"):
        mine = rows.filter("regular" if group == "regular" else ~pl.col("regular"))
        cells = {
            "ym": era5("pay_ym"), "from": era5("from_ym"), "to": era5("to_ym"), "amount": pl.col("amount"),
            "deducted": pl.col("deducted").fill_null(0), "overpaid": pl.col("overpaid").fill_null(0),
            "day": western("paid_date").fill_null("00000000"), "state": _coded("status", PAID),
        }  # fmt: skip
        place = pl.int_range(1, pl.len() + 1).over(key) if group == "regular" else pl.col("pay_seq") - 1
        spread = mine.select(*key, at=place, **{f"{group}_{n}": cell for n, cell in cells.items()})
        spread = _side_by_side(spread, key, group)
        whole = whole.join(spread, on=key, how="left", maintain_order="left")
    account = town.truth["ca_recipient"].sort("recipient_no", "rec_hist_no").group_by("recipient_no").agg(
        pl.col("bank_code", "branch_code", "account_kind", "account_no", "account_name_kana").last()
    )  # fmt: skip
    whole = whole.join(account, on="recipient_no", how="left", maintain_order="left")
    slots = [c for c in whole.columns if c.startswith(("regular_", "extra_"))]
    return whole.select(
        "account_no", "year_total", *slots,
        _order=pl.int_range(pl.len()) * 10 + 5,
        recipient_no=last("recipient_no", 8),
        fiscal=era3("fiscal"),
        bank=pl.col("bank_code") + pl.col("branch_code"),
        account_kind=_coded("account_kind", ACCOUNT),
        account_kana="account_name_kana",
        transfer_no=(pl.int_range(pl.len()) + 500).cast(pl.String).str.zfill(8),
        **entered(),
    )  # fmt: skip
