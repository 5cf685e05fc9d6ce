"""滞納処分: what is done about arrears, one row a step: 催告, 差押, 交付要求, 猶予, 執行停止, 分納誓約, 不納欠損."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from town.collection_accounts import KEY
from town.core import iso, workday

if TYPE_CHECKING:
    from town.core import Town

REPRIEVES = ("06", "07", "08")
"""換価猶予, 徴収猶予, 執行停止: nobody is urged meanwhile."""

PROPERTIES = {  # 差押財産区分 (the municipality's own), 表示, 第三債務者
    "01": ("普通預金　浅間銀行本店営業部", "株式会社浅間銀行"),
    "02": ("給料債権（毎月支給分）", "株式会社霧ノ窪製作所"),
    "03": ("土地　大字表一二三番　宅地", None),
    "04": ("生命保険契約の解約返戻金請求権", "表ソ能生命保険相互会社"),
    "05": ("還付金請求権（所得税）", "国（浅間税務署長）"),
    "06": ("軽自動車　一台", None),
}  # fmt: skip
STOP_REASONS = ("01", "02", "03")
"""停止事由 (the municipality's own, after 地方税法15条の7第1項): 財産なし, 生活困窮, 所在不明."""

MEMOS = (
    "電話。本人と話す。月末に納付の約束。",
    "臨戸。不在のため差置き。\\n連絡票に返事なし。",
    "来庁。収入減のため分割を希望。\\n家計の表を預かる。",
    "預金調査の回答あり。残高わずか。",
)
SEIZED = 0.22


def measures(town: Town, accounts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """rc_disposition but for what is written off; and the receipts from what was seized."""
    rng = town.rng("rc_disposition")
    owed = accounts.filter(
        (pl.col("unpaid") > 0) & (pl.col("due") < town.today - timedelta(days=45))
    )
    owed = owed.filter(pl.col("demanded").is_not_null()).sort(*KEY)
    worst = (
        owed.sort("unpaid", *KEY, descending=True)
        .group_by("payer_atena_no", maintain_order=True)
        .first()
    )
    payers = owed.group_by("payer_atena_no").agg(
        target_amount=pl.col("unpaid").sum(), oldest=pl.col("due").min(), newest=pl.col("demanded").max()
    )  # fmt: skip
    payers = payers.sort("payer_atena_no")
    count = payers.height
    payers = payers.with_columns(
        luck=pl.Series(rng.random(count)),
        other=pl.Series(rng.random(count)),
        lag=pl.Series(rng.integers(5, 60, count)),
    )
    last = town.today - timedelta(days=21)
    day = pl.min_horizontal(pl.col("newest") + pl.duration(days=pl.col("lag")), pl.lit(last))
    payers = payers.with_columns(day=workday(day))
    told = payers.filter(pl.col("other") < 0.8).with_columns(
        kind=pl.lit("02"), day=workday(pl.col("day") - pl.duration(days=4))
    )
    kind = (
        pl.when(pl.col("luck") < SEIZED).then(pl.lit("03")).when(pl.col("luck") < 0.27).then(pl.lit("05"))
        .when(pl.col("luck") < 0.3).then(pl.lit("06")).when(pl.col("luck") < 0.36).then(pl.lit("07"))
        .when(pl.col("luck") < 0.46).then(pl.lit("08")).when(pl.col("luck") < 0.7).then(pl.lit("10"))
    )  # fmt: skip
    acted = payers.with_columns(kind=kind).drop_nulls("kind")
    steps = _described(town, pl.concat([told, acted]).sort("payer_atena_no", "day", "kind"))
    sold = steps.filter(
        (pl.col("kind") == "03")
        & pl.col("released_date").is_not_null()
        & pl.col("property_kind").is_in(["01", "04"])
    )
    sold = sold.join(
        worst.select("payer_atena_no", *KEY, "unpaid"),
        on="payer_atena_no",
        how="inner",
        maintain_order="left",
    )
    sold = sold.filter(pl.col("unpaid") > 0).with_columns(
        proceeds=pl.col("unpaid") // 2 // 100 * 100 + 100
    )
    sold = sold.with_columns(proceeds=pl.min_horizontal("proceeds", "unpaid"))
    steps = steps.join(
        sold.select("payer_atena_no", "disposition_no", "proceeds"), on=["payer_atena_no", "disposition_no"], how="left",
        maintain_order="left",
    )  # fmt: skip
    none = pl.lit(0, pl.Int64)
    return steps, sold.select(
        *KEY, mark=pl.concat_str(*KEY, pl.lit("seized"), separator=" "), pay_kind=pl.lit("10"),
        payment_date=pl.col("released_date").str.to_date(), tax_paid="proceeds", fee_paid=none.cast(pl.Int32), arrears_paid=none,
        overpaid_flag=pl.lit("0"), cancel_flag=pl.lit("0"),
    )  # fmt: skip


def _described(town: Town, steps: pl.DataFrame) -> pl.DataFrame:
    """Numbers, periods, property and instalments of the steps."""
    kind = pl.col("kind")
    seized, waits, split = kind == "03", kind.is_in(["06", "07"]), kind == "10"
    draw = (pl.col("other") * 1000).cast(pl.Int64)
    which = (draw % len(PROPERTIES) + 1).cast(pl.String).str.zfill(2)
    texts, debtors = ({k: v[i] for k, v in PROPERTIES.items()} for i in (0, 1))
    times = draw % 12 + 6
    each = -(-pl.col("target_amount") // times // 1000) * 1000
    released = seized & (pl.col("luck") < SEIZED / 2)
    free = workday(
        pl.min_horizontal(
            pl.col("day") + pl.duration(days=30), pl.lit(town.today - timedelta(days=10))
        )
    )
    serial = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5)
    memo = pl.Series(MEMOS)
    stop = pl.Series(STOP_REASONS)
    return steps.with_columns(
        disposition_no=pl.concat_str(pl.lit("S"), kind, serial),
        disposition_date=iso("day"),
        released_date=pl.when(released).then(iso(free)),
        property_kind=pl.when(seized).then(which),
        property_text=pl.when(seized).then(which.replace_strict(texts)),
        third_debtor=pl.when(seized).then(which.replace_strict(debtors)),
        period_from=pl.when(waits | (kind == "08")).then(iso("day")),
        period_to=pl.when(waits).then(iso(pl.col("day").dt.offset_by("1y"))),
        stop_reason=pl.when(kind == "08").then(pl.lit(stop.implode().first()).list.get(draw % len(STOP_REASONS))),
        installments=pl.when(split).then(times), installment_amount=pl.when(split).then(each),
        memo=pl.when(draw % 3 < 2).then(pl.lit(memo.implode().first()).list.get(draw % len(MEMOS))),
    )  # fmt: skip


def written_off(town: Town, accounts: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """The steps, and one for each payer of whom something was written off, that day."""
    gone = accounts.filter(pl.col("writeoff_date").is_not_null()).group_by("payer_atena_no", "writeoff_date").agg(
        target_amount=pl.col("writeoff").sum()
    )  # fmt: skip
    gone = gone.sort("payer_atena_no", "writeoff_date")
    serial = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(5)
    gone = gone.select(
        "payer_atena_no",
        "target_amount",
        disposition_no="S09" + serial,
        kind=pl.lit("09"),
        disposition_date="writeoff_date",
    )
    return pl.concat([steps, gone], how="diagonal").sort(
        "payer_atena_no", "disposition_date", "disposition_no"
    )
