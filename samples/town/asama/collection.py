"""収滞納管理 as ASAMA's host keeps it: one record a notice with its terms side by side, receipts and overpayments
in a file without line ends, one record a bank account for all subjects, and one file of all dispositions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.collection_accounts import KEY, PENSION_TERMS, withheld
from town.collection_spread import RECORD, beside, notices, state
from town.core import EXTRACTED, LegacyFile
from town.spell import era3, era7, last, western

if TYPE_CHECKING:
    from town.core import Town

SUBJECTS = {
    "01": "11",
    "02": "12",
    "03": "13",
    "04": "21",
    "05": "31",
    "06": "41",
    "07": "51",
    "08": "61",
    "09": "71",
}
TAXES, INSURANCES = ["01", "02", "03", "04"], ["07", "08", "09"]
LEVY_CLASS = {"1": "0", "2": "1", "3": "2", "4": "3", "5": "9"}
CHANNELS = {
    "01": "10", "02": "20", "03": "30", "04": "40", "05": "50", "06": "60", "07": "70", "08": "71", "09": "80", "10": "81",
    "99": "90",
}  # fmt: skip
KINDS = {
    "02": "20",
    "03": "31",
    "05": "33",
    "06": "41",
    "07": "42",
    "08": "43",
    "09": "51",
    "10": "61",
}
PROCESS = {"1": "1", "2": "2", "3": "0"}
OFFICERS = ("嶺　直子", "表　良太", "灯　恵")


def files(town: Town) -> list[LegacyFile]:
    """SHUNO01.DAT, KESHI01.DAT, KOZA01.DAT and SHOBUN01.DAT."""
    if "rc_account" not in town.truth:
        return []
    ledger = [("tax", _taxes(town)), ("insurance", _insurances(town)),
              ("corporate", _corporate(town)), ("vehicle", _vehicles(town))]  # fmt: skip
    receipts = [("receipt", _receipts(town)), ("refund", _refunds(town))]
    return [
        _file(town, "collection_ledger", "ASAMA-SN", "SHUNO01", ledger),
        _file(town, "collection_receipt", "ASAMA-SN", "KESHI01", receipts),
        _file(town, "bank_account", "ASAMA-KZ", "KOZA01", [("account", _banks(town))]),
        _file(
            town, "tax_enforcement", "ASAMA-TN", "SHOBUN01", [("disposition", _dispositions(town))]
        ),
    ]


def _file(
    town: Town, layout: str, system: str, name: str, data: list[tuple[str, pl.DataFrame]]
) -> LegacyFile:
    header = pl.DataFrame(
        {
            "system_id": [system], "file_name": [name], "city_code": [town.city],
            "extracted_at": [EXTRACTED], "run_no": [1], "book_version": ["3.2"],
        }
    )  # fmt: skip
    end = ("trailer", pl.DataFrame({"file_name": [name]}))
    return LegacyFile(f"asama/{layout}", f"{name}.DAT", [("header", header), *data, end])


def _managed(*, latest: bool = False) -> dict[str, pl.Expr]:
    """削除区分, who wrote it and when; 最新区分 (0 is the latest) where there is one."""
    zero = pl.when(pl.col("is_latest") == "1").then(pl.lit("0")).otherwise(pl.lit("1"))
    return ({"latest": zero} if latest else {}) | {
        "deleted": pl.when(pl.col("is_deleted") == "1").then(pl.lit("9")).otherwise(pl.lit("0")),
        "operator": pl.col("operator_id"),
        "updated_date": western("operated_date"),
        "updated_time": pl.col("operated_time").str.replace_all(":", ""),
    }


def _account() -> dict[str, pl.Expr]:
    """What every record of the ledger begins and ends with."""
    return {
        "subject": pl.col("subject_code").replace_strict(SUBJECTS),
        "levy_year": era3("levy_year"), "tax_year": era3("tax_year"),
        "notice_no": pl.col("notice_no"), "correction_no": pl.col("account_hist_no") - 1,
        "atena_no": last("payer_atena_no", 10), "levy_class": pl.col("levy_kind").replace_strict(LEVY_CLASS),
        "levied_date": era7("levied_date"), "statutory_due": era7("statutory"), "stop": pl.col("demand_stop"),
        "levied_total": pl.col("levied_total"), **_managed(latest=True),
    }  # fmt: skip


CELLS = {
    "due": era7("due_date"), "levied": pl.col("levied"), "paid": pl.col("paid"), "unpaid": pl.col("unpaid"),
    "fee": pl.col("demand_fee"), "fee_paid": pl.col("demand_fee_paid"), "arrears": pl.col("arrears"),
    "arrears_paid": pl.col("arrears_paid"), "demanded": era7("demand_date"), "limit_from": era7("limitation_from"),
    "limit_to": era7("limitation_to"), "written_off": era7("writeoff_date"), "loss": pl.col("writeoff").fill_null(0),
    "state": state(),
}  # fmt: skip
PENSION = {
    "pension_due": western("due_date"), "pension_levied": pl.col("levied"), "pension_paid": pl.col("paid"),
    "pension_state": state(),
}  # fmt: skip


def _of(town: Town, subjects: list[str]) -> pl.DataFrame:
    accounts = town.truth["rc_account"].filter(pl.col("subject_code").is_in(subjects))
    return accounts.sort(*KEY, "account_hist_no").with_columns(place=pl.col("term").cast(pl.Int64))


def _ordered(kind: int) -> pl.Expr:
    return pl.int_range(pl.len()) * 4 + kind


def _taxes(town: Town) -> pl.DataFrame:
    accounts = _of(town, TAXES)
    rows = beside(notices(accounts), accounts, CELLS, 12)
    return rows.select(
        pl.col(r"^(due|levied|paid|unpaid|fee|fee_paid|arrears|arrears_paid|demanded|limit_from|limit_to|written_off|loss|state)_\d+$"),
        agent_no=last("special_agent_no", 8).fill_null("00000000"),
        envelope=pl.lit("0"), ledger_page=pl.int_range(pl.len()) // 4 + 1, _order=_ordered(0), **_account(),
    )  # fmt: skip


def _insurances(town: Town) -> pl.DataFrame:
    accounts = _of(town, INSURANCES)
    by_pension = withheld()
    ours, theirs = accounts.filter(~by_pension), accounts.filter(by_pension)
    first = pl.col("subject_code").replace_strict(PENSION_TERMS, return_dtype=pl.Int64)
    own = notices(ours).select(*RECORD, statutory_own="statutory")
    rows = (
        notices(accounts).drop("statutory").join(own, on=RECORD, how="left", maintain_order="left")
    )
    rows = beside(rows.rename({"statutory_own": "statutory"}), ours, CELLS, 12)
    rows = beside(rows, theirs.with_columns(place=pl.col("place") - first + 1), PENSION, 6)
    both = [pl.any_horizontal(pl.col(rf"^{c}_\d+$").is_not_null()) for c in ("due", "pension_due")]
    way = (
        pl.when(both[0] & both[1])
        .then(pl.lit("3"))
        .when(both[1])
        .then(pl.lit("2"))
        .otherwise(pl.lit("1"))
    )
    return rows.select(
        pl.col(r"^(due|levied|paid|unpaid|fee|fee_paid|arrears|arrears_paid|demanded|limit_from|limit_to|written_off|loss|state)_\d+$"),
        pl.col(r"^pension_\w+_\d$"), way=way, _order=_ordered(1), **_account(),
    )  # fmt: skip


def _corporate(town: Town) -> pl.DataFrame:
    accounts = _of(town, ["05"])
    kind = pl.when(pl.col("levy_kind") == "1").then(pl.lit("1")).otherwise(pl.lit("2"))
    return _single(accounts).select(
        fiscal_no=pl.col("fy_no"),
        tsuchi_kind=kind,
        period="place",
        _order=_ordered(2),
        **CELLS,
        **_account(),
    )


def _vehicles(town: Town) -> pl.DataFrame:
    accounts = _of(town, ["06"])
    proof = (
        pl.when(pl.col("paid_off") == "1")
        .then(pl.col("notice_no").str.slice(2))
        .otherwise(pl.lit("00000000"))
    )
    return _single(accounts).select(
        proof_no=proof, period="place", _order=_ordered(3), **CELLS, **_account()
    )


def _single(accounts: pl.DataFrame) -> pl.DataFrame:
    """A record a term."""
    same = pl.col("statutory_due") == pl.col("due_date")
    return accounts.with_columns(
        statutory=pl.when(~same).then("statutory_due"), levied_total="levied"
    )


def _term() -> dict[str, pl.Expr]:
    return {
        "subject": pl.col("subject_code").replace_strict(SUBJECTS),
        "levy_year": era3("levy_year"), "tax_year": era3("tax_year"),
        "notice_no": pl.col("notice_no"), "period": pl.col("term").cast(pl.Int64),
    }  # fmt: skip


def _receipts(town: Town) -> pl.DataFrame:
    by_counter = pl.col("pay_kind").is_in(["01", "10"])
    undone = pl.when(pl.col("tax_paid") < 0).then(pl.lit("2")).otherwise(pl.lit("1"))
    year = pl.col("payment_no").str.slice(0, 4)
    return town.truth["rc_payment"].select(
        _order=pl.int_range(pl.len()), **_term(),
        posting_no="payment_no",
        channel=pl.col("pay_kind").replace_strict(CHANNELS),
        received=era7("payment_date"), posted=western("posted_date"),
        amount="tax_paid", fee="fee_paid", arrears="arrears_paid", slip_no="slip_no",
        chain=pl.col("cvs_code").str.slice(0, 3), shop=pl.col("cvs_code").str.slice(3), over="overpaid_flag",
        cancel=pl.when(pl.col("cancel_flag") == "1").then(undone).otherwise(pl.lit("0")),
        bundle=pl.int_range(pl.len()) // 100 % 9999 + 1, bundle_line=pl.int_range(pl.len()) % 100 + 1,
        account_day=pl.when(pl.col("levy_year") == year).then(pl.lit("1")).otherwise(pl.lit("2")),
        clearing=pl.when(~by_counter).then(western("posted_date")), **_managed(),
    )  # fmt: skip


def _refunds(town: Town) -> pl.DataFrame:
    receipts = town.truth["rc_payment"].filter(pl.col("cancel_flag") == "0")
    sources = receipts.group_by(KEY).agg(
        source_no=pl.col("payment_no").last(), twice=pl.col("overpaid_flag").max()
    )
    rows = town.truth["rc_refund"].join(sources, on=KEY, how="left", maintain_order="left")
    return rows.select(
        _order=pl.int_range(pl.len()), **_term(),
        refund_no="refund_no", source_no="source_no", atena_no=last("payer_atena_no", 10),
        over="over_amount", interest="interest", process=pl.col("refund_kind").replace_strict(PROCESS),
        processed=era7("refund_date"), to_subject=pl.col("to_subject").replace_strict(SUBJECTS, default=None),
        to_notice="to_notice_no", to_period="to_term", lapse=western("limitation"),
        reason=pl.when(pl.col("twice") == "1").then(pl.lit("1")).otherwise(pl.lit("2")),
        payee=pl.when(pl.col("refund_kind") == "1").then(pl.lit("1")).otherwise(pl.lit("0")), **_managed(),
    )  # fmt: skip


def _banks(town: Town) -> pl.DataFrame:
    """One record an account; what differs by subject is in its place."""
    used = [
        pl.when(pl.col("full_prepay") == "1").then(pl.lit("2")).otherwise(pl.lit("1"))
        .filter(pl.col("subject_code") == f"{i:02}").first().fill_null("0").alias(f"use_{i}")
        for i in range(1, 10)
    ]  # fmt: skip
    rows = town.truth["rc_bank_account"].group_by("payer_atena_no", "account_seq", maintain_order=True).agg(
        *used, pl.exclude("full_prepay", "subject_code").first()
    )  # fmt: skip
    broken = pl.when(pl.col("status") == "2").then(2).otherwise(0)
    return rows.select(
        pl.col("^use_.$"),
        _order=pl.int_range(pl.len()),
        atena_no=last("payer_atena_no", 10), account_no_in_order="account_seq", state="status", bank="bank_code",
        branch="branch_code", deposit="account_kind", number="account_no", symbol="yucho_symbol", post_number="yucho_number",
        holder="account_name_kana", relation=pl.lit("00"), applied=era7("applied_date"), started=western("valid_from"),
        ended=western("valid_to").fill_null("00000000"), failures=broken,
        last_failure=pl.when(broken > 0).then(pl.lit("1")).otherwise(pl.lit("0")), **_managed(latest=True),
    )  # fmt: skip


def _dispositions(town: Town) -> pl.DataFrame:
    officer = pl.lit(list(OFFICERS)).list.get(pl.int_range(pl.len()) % len(OFFICERS))
    rest = pl.col("target_amount") - pl.col("installment_amount") * (pl.col("installments") - 1)
    return town.truth["rc_disposition"].select(
        _order=pl.int_range(pl.len()),
        atena_no=last("payer_atena_no", 10), disposition_no="disposition_no", kind=pl.col("kind").replace_strict(KINDS),
        done=era7("disposition_date"), released=era7("released_date"), property=pl.col("property_kind").fill_null("00"),
        property_text="property_text", debtor="third_debtor", target="target_amount", proceeds=pl.col("proceeds").fill_null(0),
        **{"from": era7("period_from"), "to": era7("period_to")},
        stop_reason=pl.col("stop_reason").str.slice(1).fill_null("0"), times=pl.col("installments").fill_null(0),
        each=pl.col("installment_amount").fill_null(0), last_each=rest.fill_null(0).clip(0), officer=officer,
        document_no="7徴" + pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5),
        visit_rank=(pl.int_range(pl.len()) % 5 + 1).cast(pl.String), phone_box=pl.when(pl.col("memo").is_null()).then(0).otherwise(pl.int_range(pl.len()) + 400),
        **_managed(latest=True),
    )  # fmt: skip
