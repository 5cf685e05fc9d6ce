"""収滞納管理 as SHIRANE's package exports it: a line a term, overpayments beside the receipt they come from,
two values in one cell wherever a form prints them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town.collection_accounts import KEY, NOTICE
from town.collection_banks import BANKS, YUCHO, named
from town.core import LegacyFile
from town.spell import day as day_of
from town.spell import era as era_of
from town.spell import fiscal, grouped, last, slashed, unpadded, widened, worded, year_of_era
from town.spell import month as month_of

if TYPE_CHECKING:
    from town.core import Town

SUBJECTS = {
    "01": "市県民税普徴", "02": "市県民税給特", "03": "市県民税年特", "04": "固定資産税", "05": "法人市民税",
    "06": "軽自動車税", "07": "国保税", "08": "介護保険料", "09": "後期保険料",
}  # fmt: skip
TIMES = range(1, 7)
TERMS = {
    **{("02", f"{i:02}"): f"{(i + 4) % 12 + 1}月分" for i in range(1, 13)},
    **{("03", f"0{i}"): f"年{i}回" for i in TIMES},
    **{(s, f"2{i}"): f"特{i}回" for s in ("07", "09") for i in TIMES},
    **{("08", f"1{i}"): f"介特{i}回" for i in TIMES},
}
"""What a subject calls a term; others are 1期, or 随1 of earlier years."""

LEVY_CLASS = {"1": "当初", "2": "増額", "3": "減額", "4": "随時", "5": "取消"}
CHANNELS = {
    "01": "窓口", "02": "口座", "03": "コンビニ", "04": "ペイジー", "05": "クレカ", "06": "スマホ", "07": "年金", "08": "給与",
    "09": "充当", "10": "配当", "99": "その他",
}  # fmt: skip
PROCESS = {"1": "還付", "2": "充当", "3": "未済"}
STATES = {"1": "有効", "2": "停止", "9": "解約"}
DEPOSITS = {"1": "普", "2": "当"}
KINDS = {
    "02": "催告", "03": "差押", "05": "交付要求", "06": "換価猶予", "07": "徴収猶予", "08": "執行停止", "09": "欠損", "10": "分納",
}  # fmt: skip
PROPERTIES = {
    "01": "預金",
    "02": "給与",
    "03": "不動産",
    "04": "保険",
    "05": "還付金",
    "06": "動産",
}
STOPS = {"01": "財産なし", "02": "生活困窮", "03": "所在不明"}
YEN = "\\"
"""The yen sign of cp932."""

OFFICERS = ("嶺　直子", "表　良太")


def files(town: Town) -> list[LegacyFile]:
    """収納台帳.CSV, 収納明細.CSV, 口座一覧.CSV and 滞納整理.CSV."""
    if "rc_account" not in town.truth:
        return []
    return [
        LegacyFile("shirane/collection", "収納台帳.CSV", [("account", _accounts(town))]),
        LegacyFile("shirane/receipt", "収納明細.CSV", [("receipt", _receipts(town))]),
        LegacyFile("shirane/direct_debit", "口座一覧.CSV", [("account", _banks(town))]),
        LegacyFile("shirane/delinquency", "滞納整理.CSV", [("disposition", _dispositions(town))]),
    ]


def _marked(value: str, yes: str = "*") -> pl.Expr:
    """A mark where a flag is 1, else nothing."""
    return pl.when(pl.col(value) == "1").then(pl.lit(yes))


def _number(column: str, width: int = 10) -> pl.Expr:
    """A number of so many digits without its leading zeros."""
    return unpadded(last(column, width))


def _yen(column: str | pl.Expr, unit: str = "") -> pl.Expr:
    return grouped(column, "▲", unit)


def _some(column: str) -> pl.Expr:
    """An amount, nothing for 0."""
    return pl.when(pl.col(column) != 0).then(_yen(column))


def _written(
    by: str = "operator_id", day: str = "operated_date", time: str = "operated_time"
) -> list[pl.Expr]:
    """更新者, and 更新日時 as the spreadsheet shows it: 2025/6/1 9:05:00."""
    return [pl.col(by), slashed(day, "", pad=False) + " " + pl.col(time).str.strip_prefix("0")]


def _managed() -> dict[str, pl.Expr]:
    by, at = _written()
    return {
        "latest": _marked("is_latest"),
        "deleted": _marked("is_deleted"),
        "updated_by": by,
        "updated_at": at,
    }


def _termed(subject: str, term: str, late: pl.Expr) -> pl.Expr:
    """What the term is called."""
    number = pl.col(term).cast(pl.Int64, strict=False).cast(pl.String)
    named = pl.concat_str(subject, term).replace_strict(
        {a + b: v for (a, b), v in TERMS.items()}, default=None
    )
    return pl.when(late).then(pl.lit("随") + number).otherwise(pl.coalesce(named, number + "期"))


def _term() -> dict[str, pl.Expr]:
    return {
        "subject": pl.col("subject_code").replace_strict(SUBJECTS),
        "levy_year": fiscal("levy_year"), "tax_year": fiscal("tax_year", worded=True),
        "notice_no": unpadded("notice_no"),
        "term": _termed("subject_code", "term", pl.col("levy_year") != pl.col("tax_year")),
    }  # fmt: skip


def _accounts(town: Town) -> pl.DataFrame:
    rows = town.truth["rc_account"].sort(*KEY, "account_hist_no")
    names = named(town).select(payer_atena_no="atena_no", payer_name="name")
    rows = rows.join(names, on="payer_atena_no", how="left", maintain_order="left")
    state = (
        pl.when(pl.col("writeoff_date").is_not_null()).then(pl.lit("欠"))
        .when(pl.col("paid_off") == "0").then(pl.lit("未"))
        .when(pl.col("unpaid") < 0).then(pl.lit("過")).otherwise(pl.lit("完"))
    )  # fmt: skip
    reminded = (pl.int_range(pl.len()) % 13 == 0) & (pl.col("unpaid") > 0)
    return rows.select(
        "payer_name", **_term(),
        hist_no=pl.col("account_hist_no").cast(pl.String), atena_no=_number("payer_atena_no"),
        agent_no=_number("special_agent_no", 8), fiscal_no=pl.col("fy_no").cast(pl.String),
        levy_class=pl.col("levy_kind").replace_strict(LEVY_CLASS),
        levied_date=slashed("levied_date", pad=False), due=worded("due_date"), statutory=slashed("statutory_due", "", pad=False),
        levied=_yen("levied"), paid=_yen("paid"), unpaid=_yen("unpaid"),
        fee=pl.concat_str(_yen("demand_fee"), _yen("demand_fee_paid"), separator="/"),
        arrears=pl.concat_str(_yen("arrears"), _yen("arrears_paid"), separator="/"),
        demanded=slashed("demand_date", mark=".", pad=False), stop=_marked("demand_stop", "停"),
        limitation=pl.concat_str(slashed("limitation_from", pad=False), slashed("limitation_to", pad=False), separator="-"),
        written_off=slashed("writeoff_date", "", pad=False), loss=_yen("writeoff"), state=state,
        remark=pl.when(reminded).then(pl.lit("電話あり。\r\n月末に「納付」の約束。")),
        balance_group=pl.when(pl.col("is_latest") == "1").then(pl.lit("1")), **_managed(),
    )  # fmt: skip


def _receipts(town: Town) -> pl.DataFrame:
    receipts = town.truth["rc_payment"].sort("payment_no")
    sources = (
        receipts.filter(pl.col("cancel_flag") == "0")
        .group_by(KEY)
        .agg(payment_no=pl.col("payment_no").last())
    )
    payers = town.truth["rc_account"].group_by(NOTICE).agg(pl.col("payer_atena_no").first())
    refunds = town.truth["rc_refund"].join(sources, on=KEY, how="left").select(
        "payment_no", "refund_no", "over_amount", "interest", "refund_kind", "refund_date", "to_subject", "to_notice_no", "to_term",
        "limitation", gone="is_deleted", by="operator_id", on="operated_date", at="operated_time",
    )  # fmt: skip
    rows = receipts.join(payers, on=NOTICE, how="left", maintain_order="left")
    rows = rows.join(refunds, on="payment_no", how="left", maintain_order="left")
    offset = pl.concat_str(
        pl.col("to_subject").replace_strict(SUBJECTS, default=None), unpadded("to_notice_no"),
        _termed("to_subject", "to_term", pl.lit(value=False)), separator="/",
    )  # fmt: skip
    refund_by, refund_at = _written("by", "on", "at")
    by, at = _written()
    torn = (pl.int_range(pl.len()) % 97 == 0) & (pl.col("pay_kind") == "01")
    return rows.select(
        **_term(),
        receipt_no="payment_no", atena_no=_number("payer_atena_no"), channel=pl.col("pay_kind").replace_strict(CHANNELS),
        received=slashed("payment_date", pad=False), posted=worded("posted_date"),
        amount=_yen("tax_paid"), fee=_some("fee_paid"), arrears=_some("arrears_paid"), slip_no="slip_no",
        shop=pl.concat_str(pl.col("cvs_code").str.slice(0, 3), pl.col("cvs_code").str.slice(3), separator="-"),
        over=_marked("overpaid_flag", "○"), cancel=_marked("cancel_flag", "取"),
        refund_no="refund_no", process=pl.col("refund_kind").replace_strict(PROCESS, default=None),
        over_amount=_yen("over_amount"), interest=_some("interest"), processed=slashed("refund_date", "", pad=False),
        offset=offset, lapse=worded("limitation"), refund_deleted=_marked("gone"), refund_by=refund_by, refund_at=refund_at,
        remark=pl.when(torn).then(pl.lit("領収印なし。\r\n済通で確認。")),
        envelope_no=(pl.int_range(pl.len()) // 100 + 1).cast(pl.String),
        deleted=_marked("is_deleted"), updated_by=by, updated_at=at,
    )  # fmt: skip


def _banks(town: Town) -> pl.DataFrame:
    post = pl.col("bank_code") == YUCHO
    return town.truth["rc_bank_account"].select(
        atena_no=_number("payer_atena_no"), subject=pl.col("subject_code").replace_strict(SUBJECTS),
        seq=pl.col("account_seq").cast(pl.String), state=pl.col("status").replace_strict(STATES),
        bank=pl.col("bank_code") + "-" + pl.col("branch_code").fill_null(""),
        deposit=pl.col("account_kind").replace_strict(DEPOSITS, default=None), number=unpadded("account_no"),
        post=pl.col("yucho_symbol") + "-" + pl.col("yucho_number"),
        holder_kana=widened("account_name_kana"), holder="account_name",
        applied=slashed("applied_date", pad=False), started=worded("valid_from"),
        ended_era=era_of("valid_to", "MTSHR"), ended_year=year_of_era("valid_to").cast(pl.String),
        ended_month=month_of("valid_to").str.strip_prefix("0"), ended_day=day_of("valid_to").str.strip_prefix("0"),
        prepay=_marked("full_prepay", "○"),
        bank_name=pl.when(post).then(pl.lit("ゆうちょ銀行")).otherwise(pl.col("bank_code").replace_strict(BANKS, default=None)),
        **_managed(),
    )  # fmt: skip


def _dispositions(town: Town) -> pl.DataFrame:
    ends = slashed("period_to", mark=".", pad=False).fill_null("")
    return town.truth["rc_disposition"].select(
        "property_text",
        atena_no=_number("payer_atena_no"), case_no="disposition_no", kind=pl.col("kind").replace_strict(KINDS),
        done=worded("disposition_date"), released=slashed("released_date", pad=False),
        property=pl.col("property_kind").replace_strict(PROPERTIES, default=None), debtor="third_debtor",
        target=YEN + _yen("target_amount"), proceeds=YEN + _yen("proceeds"),
        span=slashed("period_from", mark=".", pad=False) + "-" + ends,
        stop_reason=pl.col("stop_reason").replace_strict(STOPS, default=None),
        plan=_yen("installment_amount", "円") + "×" + pl.col("installments").cast(pl.String) + "回",
        memo=pl.col("memo").str.replace_all("\\n", "\r\n", literal=True),
        officer=pl.lit(list(OFFICERS)).list.get(pl.int_range(pl.len()) % len(OFFICERS)),
        next_call=pl.when(pl.col("released_date").is_null() & (pl.int_range(pl.len()) % 4 == 0)).then(pl.lit("4/15")), **_managed(),
    )  # fmt: skip
