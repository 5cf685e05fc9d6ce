"""要介護認定: new, renewed, changed; the last three of each, and applications on their way."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import iso, workday

if TYPE_CHECKING:
    from town.core import Town

LEVELS = ("12", "13", "21", "22", "23", "24", "25")
"""要支援1 to 要介護5."""

UNITS = (5_032, 10_531, 16_765, 19_705, 27_048, 30_938, 36_217)
"""支給限度単位数 a month, level by level."""

NOT_NEEDED = "01"
KEPT = 3
"""So many certifications a person: the old systems keep no more."""

GENERATIONS = 9
OFFICES = ("4870100011", "4870100029", "4870200019", "4870300017")
OPINIONS = ("認知機能の低下に注意", "住宅改修を検討のこと", "リハビリの継続が望ましい")
NEW, RENEWED, CHANGED = "1", "2", "3"
DECIDED_BY = pl.lit(date(2026, 2, 25))
"""Applications after that are still on their way."""


def certifications(town: Town, insured: pl.DataFrame) -> pl.DataFrame:
    """ltci_certification of those who are certified."""
    rng = town.rng("ltci_certification")
    count = insured.height
    limit = pl.coalesce("end", pl.lit(town.today))
    people = insured.select(
        "insured_no",
        "insured_kind",
        limit=limit,
        begin=pl.max_horizontal(
            "begin", limit - pl.duration(days=pl.Series(rng.integers(5, 3000, count)))
        ),
        level=pl.Series(rng.choice(5, count)),
    )
    stamps = people.select("insured_no").with_columns(
        town.operated(count, rng, pl.Series(np.full(count, "2025-07-01", "M8[D]")))
    )
    rows = pl.concat(_generations(rng, people), how="diagonal_relaxed").sort(
        "insured_no", "cert_seq"
    )
    rows = rows.with_columns(
        prev_level=pl.col("care_level").shift(1).over("insured_no"),
        newest=pl.col("cert_seq") == pl.col("cert_seq").max().over("insured_no"),
    )
    rows = rows.group_by("insured_no", maintain_order=True).tail(KEPT)
    rows = rows.join(stamps, on="insured_no", maintain_order="left")
    return _rows(rng, rows)


def _generations(rng: np.random.Generator, people: pl.DataFrame) -> list[pl.DataFrame]:
    """One frame a generation: each begins where the one before ended, or within it."""
    now = people.with_columns(
        cert_seq=pl.lit(1, pl.Int64), apply_kind=pl.lit(NEW), applied=pl.col("begin"), since="begin",
        months=pl.lit(6, pl.Int64),
    )  # fmt: skip
    found = []
    for _ in range(GENERATIONS):
        if now.is_empty():
            break
        luck = pl.Series(rng.random(now.height))
        pending = pl.col("applied") > DECIDED_BY
        refused = (pl.col("apply_kind") == NEW) & (luck < 0.05)
        level = pl.Series(list(LEVELS)).gather(now["level"])
        end = pl.col("since").dt.month_start().dt.offset_by(pl.format("{}mo", "months"))
        whole = pl.col("since").dt.day() == 1
        now = now.with_columns(
            pending=pending,
            refused=refused & ~pending,
            care_level=pl.when(pending).then(None).when(refused).then(pl.lit(NOT_NEEDED))
            .otherwise(level),
            until=pl.when(whole).then(end.dt.offset_by("-1d")).otherwise(end.dt.month_end()),
        )  # fmt: skip
        found.append(now)
        now = _next(rng, now.filter(~pl.col("pending") & ~pl.col("refused")))
    return found


def _next(rng: np.random.Generator, now: pl.DataFrame) -> pl.DataFrame:
    """Most renew, some get worse within the period; a few let it lapse."""
    count = now.height
    changes = pl.Series(rng.random(count)) < 0.25
    within = pl.col("since") + pl.duration(days=pl.Series(rng.integers(40, 150, count)))
    step = pl.Series(rng.choice([-1, 0, 0, 1], count))
    early = pl.duration(days=pl.Series(rng.integers(30, 59, count)))
    lapsed = pl.Series(rng.random(count)) < 0.04
    renewed = pl.col("until").dt.offset_by("1d")
    months = pl.Series(rng.choice([12, 12, 24, 36], count))
    now = now.select(
        "insured_no",
        "insured_kind",
        "limit",
        "begin",
        cert_seq=pl.col("cert_seq") + 1,
        apply_kind=pl.when(changes).then(pl.lit(CHANGED)).otherwise(pl.lit(RENEWED)),
        since=pl.when(changes).then(within).otherwise(renewed),
        applied=pl.when(changes).then(within).otherwise(renewed - early),
        level=(pl.col("level") + pl.when(changes).then(step.abs()).otherwise(step)).clip(0, 6),
        months=pl.when(changes).then(6).otherwise(months),
        lapsed=lapsed,
    )
    return now.filter(~pl.col("lapsed") & (pl.col("applied") <= pl.col("limit"))).drop("lapsed")


def _rows(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    """With the columns of ltci_certification."""
    count = rows.height
    decided, newest = ~pl.col("pending"), pl.col("newest")
    needed = decided & ~pl.col("refused")
    luck, number = pl.Series(rng.random(count)), pl.Series(rng.integers(0, 60, count))
    rows = rows.with_columns(
        luck=luck, number=number, board=workday(pl.col("applied") + pl.duration(days=24))
    )

    def after(days: int) -> pl.Expr:
        return iso(workday(pl.col("applied") + pl.duration(days=days)))

    known = pl.col("care_level").replace_strict(
        dict(zip(LEVELS, UNITS, strict=True)), default=None, return_dtype=pl.Int64
    )
    second = pl.col("insured_kind") == "2"
    return rows.select(
        "insured_no", "cert_seq", "apply_kind", "care_level", "operator_id", "operated_date", "operated_time",
        applied_date=iso("applied"),
        survey_date=pl.when(decided).then(after(8)),
        opinion_date=pl.when(decided & newest).then(after(15)),
        first_result=pl.when(decided).then(
            pl.when(pl.col("luck") < 0.15).then(pl.lit("12")).otherwise("care_level")
        ),
        board_date=pl.when(decided).then(iso("board")),
        board_no=pl.when(decided).then(pl.format("001{}", 10 + pl.col("number") % 7)),
        certified_date=pl.when(decided).then(iso(workday(pl.col("board").dt.offset_by("1d")))),
        valid_from=pl.when(needed).then(iso("since")),
        valid_to=pl.when(needed).then(iso("until")),
        valid_months=pl.when(needed).then("months"),
        prev_level="prev_level",
        disease_code=pl.when(second).then((1 + pl.col("number") % 16).cast(pl.String).str.zfill(2)),
        limit_units=pl.when(needed).then(known),
        board_opinion=pl.when(decided & newest).then(
            (pl.col("number") % 9).replace_strict(dict(enumerate(OPINIONS)), default=None)
        ),
        cancelled_date=pl.when(needed & newest & (pl.col("luck") > 0.985) & (pl.col("applied") < date(2026, 2, 1))
        ).then(after(40)),
        plan_office_no=pl.when(needed & newest & (pl.col("luck") < 0.85)).then(
            (pl.col("number") % 4).replace_strict(dict(enumerate(OFFICES)))
        ),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    )  # fmt: skip
