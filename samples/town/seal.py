"""印鑑登録 (0201 to 0203): who has registered which seal, the cards that were given out, and the images.

A registration keeps its number; a card that is lost or worn out makes a second generation of it. A new seal (改印) is a
new registration, and the one before is abolished. Whoever leaves or dies is struck off on that day.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from town.core import Fault, iso
from town.register import numbers

if TYPE_CHECKING:
    from numpy.random import Generator

    from town.core import Town

FIRST = np.datetime64("1976-04-01")
"""No registration is older."""

KEPT_IMAGES = "2021-04-01"
"""The image of a seal abolished before was thrown away."""

ANOTHER_WAY = ("本人確認は運転免許証による。", "代理人は長男。\\n委任の旨を照会書で確認。", "氏名の一字は画数の多い字体。")
SIZES = ((240, 240, 300, "TIFF-G4"), (320, 320, 400, "TIFF-G4"), (472, 472, 600, "PNG"))
"""Width, height, dpi and format of an image."""


def facts(town: Town) -> None:
    rng = town.rng("seal")
    whole = registrations(town, rng)
    town.add("seal_registration", generations(town, whole, rng))
    town.add("seal_card", cards(town, whole, rng))
    town.add("seal_image", images(town, whole, rng))


def registrations(town: Town, rng: Generator) -> pl.DataFrame:
    """One row a registration, numbered in the order of the days."""
    first = drawn(town, rng)
    count = first.height
    luck = rng.random(count)
    span = (first["until"] - first["registered"]).dt.total_days().to_numpy()
    first = first.with_columns(
        turn=pl.col("registered") + pl.Series(1 + rng.random(count) * np.maximum(span - 2, 0)).cast(pl.Int64) * pl.duration(days=1),
        case=pl.Series(np.select([luck < 0.04, luck < 0.10, luck < 0.115, luck < 0.23], ["given up", "changed", "suspended", "new card"], "kept")),
        again=pl.lit(value=False),
    ).with_columns(
        case=pl.when(pl.col("removed").is_not_null()).then(pl.lit("gone")).when(pl.Series(span < 60)).then(pl.lit("kept")).otherwise("case")
    )  # fmt: skip
    second = first.filter(pl.col("case") == "changed").with_columns(
        registered=pl.col("turn"), case=pl.lit("kept"), again=pl.lit(value=True)
    )
    both = pl.concat([first, second]).sort("registered", "atena_no", "again")
    index = pl.int_range(pl.len())
    return settled(both, rng).with_columns(
        seal_reg_no=(index + 1).cast(pl.String).str.zfill(8),
        seal_card_no="A" + (2 * index + 2).cast(pl.String).str.zfill(7),
        old_card_no=pl.when(pl.col("case") == "new card").then("A" + (2 * index + 1).cast(pl.String).str.zfill(7)),
        seal_image_id=pl.when(pl.col("abolished").is_null() | (pl.col("abolished") >= pl.lit(KEPT_IMAGES).str.to_date()))
        .then((3 * index + 5).cast(pl.String).str.zfill(8)),
    )  # fmt: skip


def drawn(town: Town, rng: Generator) -> pl.DataFrame:
    """Six in ten of those who ever lived here and were fifteen then: from when to when, and the day of registration."""
    names = ("atena_no", "household_no", "name", "name_kana", "family", "given", "alias", "foreign", "sex", "birth_date", "status", "removed")
    grown = town.people.select(
        *names,
        since=pl.max_horizontal("entered", pl.col("born").dt.offset_by("15y") + pl.duration(days=1), pl.lit(FIRST).cast(pl.Date)),
        until=pl.min_horizontal(pl.col("removed") - pl.duration(days=1), pl.lit(town.today)),
    )  # fmt: skip
    grown = grown.filter(pl.col("since") < pl.col("until") - pl.duration(days=30))
    some = grown.filter(pl.Series(rng.random(grown.height) < 0.6))
    span = (some["until"] - some["since"]).dt.total_days().to_numpy()
    days = pl.Series((rng.random(some.height) ** 1.5 * span).astype(np.int64))
    return some.with_columns(registered=pl.col("since") + days * pl.duration(days=1))


def settled(rows: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """How each was registered and applied for, what is engraved, and how it ended."""
    count = rows.height
    way, seal, rest = rng.random(count), rng.random(count), rng.random(count)
    former = rows["family"].drop_nulls().sample(count, with_replacement=True, seed=int(rng.integers(1 << 30)))
    others = (rng.random(count) * np.arange(count)).astype(np.int64)
    native, married = ~pl.col("foreign"), pl.Series(seal > 0.95) & (pl.col("sex") == "2")
    rows = rows.with_columns(
        method=pl.when("again").then(pl.lit("4")).otherwise(pl.Series(np.select([way < 0.35, way < 0.75], ["3", "1"], "2"))),
        abolished=pl.when(pl.col("case") == "gone").then("removed").when(pl.col("case").is_in(["given up", "changed"])).then("turn"),
        text_kind=pl.when(native & married).then(pl.lit("4")).when(native).then(pl.Series(np.select([seal < 0.2, seal < 0.85], ["1", "2"], "3")))
        .when(pl.col("alias").is_not_null()).then(pl.lit("5")).otherwise(pl.lit("6")),
        sent=pl.max_horizontal(pl.col("registered") - pl.Series(rng.integers(4, 20, count)) * pl.duration(days=1), "since"),
        former=former,
        guarantor=pl.Series(np.where(np.arange(count) > 0, others + 1, 0)).cast(pl.String).str.zfill(8),
        agent_flag=pl.Series(np.where(rest < 0.2, "1", "0")),
        note=pl.when(pl.Series(rest > 0.93)).then(pl.Series(rng.choice(ANOTHER_WAY, count))),
        cvs=pl.Series(rng.random(count) < 0.7),
        lost=pl.Series(rng.random(count) < 0.5),
        place=pl.Series(rng.choice(["01", "01", "02", "03"], count)),
        scan=pl.Series(rng.integers(0, len(SIZES), count)),
    )  # fmt: skip
    asked = pl.col("method") == "1"
    family = pl.coalesce("family", "name")
    reasons = {"2": "11", "3": "12"}
    return rows.with_columns(
        applied=pl.when(asked).then("sent").otherwise("registered"),
        inquiry_sent=pl.when(asked).then("sent"),
        inquiry_due=pl.when(asked).then(pl.col("sent") + pl.duration(days=30)),
        guarantor=pl.when((pl.col("method") == "2") & (pl.col("guarantor") != "00000000")).then("guarantor"),
        agent_flag=pl.when(asked).then("agent_flag").otherwise(pl.lit("0")),
        seal_status=pl.when(pl.col("case") == "gone").then(pl.lit("9")).when(pl.col("abolished").is_not_null()).then(pl.lit("3"))
        .when(pl.col("case") == "suspended").then(pl.lit("2")).otherwise(pl.lit("1")),
        abolish_reason=pl.when(pl.col("case") == "gone").then(pl.col("status").replace_strict(reasons, default="99"))
        .when(pl.col("case") == "changed").then(pl.lit("04"))
        .when(pl.col("case") == "given up").then(pl.when("lost").then(pl.lit("03")).otherwise(pl.lit("01"))),
        seal_text=pl.when(pl.col("text_kind") == "2").then(family).when(pl.col("text_kind") == "3").then(pl.coalesce("given", "name"))
        .when(pl.col("text_kind") == "4").then("former").when(pl.col("text_kind") == "5").then("alias")
        .when(pl.col("text_kind") == "6").then("name_kana").otherwise("name"),
        new_card=pl.when(pl.col("case") == "new card").then("turn"),
    )  # fmt: skip


def generations(town: Town, whole: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """seal_registration: two rows where the card was exchanged."""
    again = pl.col("case") == "new card"
    older = whole.filter(again).with_columns(
        seal_hist_no=pl.lit(1), is_latest=pl.lit("0"), seal_card_no=pl.col("old_card_no"), settled=pl.col("registered")
    )  # fmt: skip
    newer = whole.with_columns(
        seal_hist_no=pl.when(again).then(2).otherwise(1), is_latest=pl.lit("1"), settled=pl.coalesce("abolished", "new_card", "registered")
    )  # fmt: skip
    rows = pl.concat([older, newer], how="vertical_relaxed").sort("seal_reg_no", "seal_hist_no")
    kind = pl.col("text_kind")
    return rows.select(
        "seal_reg_no", "seal_hist_no", "atena_no", "seal_status", "seal_text", "birth_date", "sex", "household_no", "seal_card_no",
        "seal_image_id", "agent_flag", "abolish_reason", "note", "is_latest",
        seal_method="method", registered_date=iso("registered"), applied_date=iso("applied"), seal_name="name", seal_name_kana="name_kana",
        seal_text_kind=kind, seal_former_name=pl.when(kind == "4").then("former"), seal_alias=pl.when(kind == "5").then("alias"),
        guarantor_seal_no="guarantor", abolished_date=iso("abolished"),
        cvs_flag=pl.when((pl.col("seal_status") == "1") & pl.col("cvs")).then(pl.lit("1")).otherwise(pl.lit("0")),
        inquiry_sent=iso("inquiry_sent"), inquiry_due=iso("inquiry_due"), is_deleted=pl.lit("0"),
    ).with_columns(town.operated(rows.height, rng, rows["settled"]))  # fmt: skip


def cards(town: Town, whole: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """seal_card: the card in use, and the one before; stamped as the registration is."""
    again, lost = pl.col("case") == "new card", pl.col("lost")
    ended = {"3": "3", "9": "9"}
    now = whole.select(
        "seal_card_no", "seal_reg_no",
        card_status=pl.col("seal_status").replace_strict(ended, default="1"),
        issued_date=iso(pl.coalesce("new_card", "registered")),
        issue_kind=pl.when(again & lost).then(pl.lit("2")).when(again).then(pl.lit("3")).otherwise(pl.lit("1")),
        issue_place="place",
        lost_date=pl.lit(None, pl.String),
        returned_date=pl.when(pl.col("seal_status") == "3").then(iso("abolished")),
        fee=pl.when((again & ~lost) | pl.col("again")).then(0).otherwise(300),
    )  # fmt: skip
    before = whole.filter(again).select(
        seal_card_no="old_card_no", seal_reg_no="seal_reg_no",
        card_status=pl.when(lost).then(pl.lit("2")).otherwise(pl.lit("4")),
        issued_date=iso("registered"),
        issue_kind=pl.lit("1"),
        issue_place=pl.lit("01"),
        lost_date=pl.when(lost).then(iso("new_card")),
        returned_date=pl.when(~lost).then(iso("new_card")),
        fee=pl.lit(200),
    )  # fmt: skip
    stamps = town.truth["seal_registration"].filter(pl.col("is_latest") == "1")
    stamps = stamps.select("seal_reg_no", "operator_id", "operated_date", "operated_time")
    rows = pl.concat([now, before], how="vertical_relaxed").sort("seal_card_no")
    rows = rows.join(stamps, on="seal_reg_no", how="left", maintain_order="left")
    return rows.with_columns(card_hist_no=pl.lit(1), is_latest=pl.lit("1"), is_deleted=pl.lit("0"))


def images(town: Town, whole: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    """seal_image: the list of the pictures, which are not here. A hash is that of the picture's name."""
    rows = whole.filter(pl.col("seal_image_id").is_not_null())
    sizes = pl.DataFrame(SIZES, schema=["width", "height", "dpi", "format"], orient="row")
    ending = pl.when(pl.col("format") == "PNG").then(pl.lit(".png")).otherwise(pl.lit(".tif"))
    rows = pl.concat([rows, sizes[rows["scan"]]], how="horizontal").with_columns(
        file_name="seal/" + pl.col("seal_image_id") + ending
    )
    hashes = [hashlib.sha256(name.encode()).hexdigest() for name in rows["file_name"]]
    return rows.select(
        "seal_image_id", "seal_reg_no", "file_name", "format", "width", "height", "dpi",
        byte_size=pl.Series(rng.integers(1_200, 9_000, rows.height)),
        sha256=pl.Series(hashes),
        is_latest=pl.lit("1"),
        is_deleted=pl.lit("0"),
    ).with_columns(town.operated(rows.height, rng, rows["registered"]))  # fmt: skip


# ---- what may be wrong ----

LATEST = (pl.col("is_latest") == "1") & (pl.col("is_deleted") == "0")
IN_FORCE = LATEST & (pl.col("seal_status") == "1")
OPEN = {"seal_status": pl.lit("1"), "abolished_date": pl.lit(None, pl.String), "abolish_reason": pl.lit(None, pl.String)}
"""As if it had never been abolished."""


def _single(town: Town) -> pl.Expr:
    """Registrations of one generation."""
    two = town.truth["seal_registration"].filter(pl.col("seal_hist_no") > 1)
    return ~pl.col("seal_reg_no").is_in(two["seal_reg_no"].to_list())


def _of(column: str, rows: pl.DataFrame) -> pl.Expr:
    return pl.col(column).is_in(rows[column].drop_nulls().to_list())


def _nobody(town: Town, _: Generator, n: int) -> list[str]:
    """R026: the owner's 宛名番号 is nobody's; what is looked up by it is not there."""
    rows = town.take("seal_registration", n, IN_FORCE & _single(town))
    gone = {"sex": pl.lit(None, pl.String), "seal_name_kana": pl.lit(None, pl.String)}
    return town.alter("seal_registration", rows, atena_no=numbers(380_000_000, rows.height), **gone)


def _two_seals(town: Town, _: Generator, n: int) -> list[str]:
    """R026: the seal before the change was never abolished."""
    changed = LATEST & (pl.col("abolish_reason") == "04") & pl.col("seal_image_id").is_not_null()
    rows = town.take("seal_registration", n, changed)
    town.alter("seal_registration", rows, **OPEN)
    return town.keys("seal_registration", town.rows("seal_registration", IN_FORCE & _of("atena_no", rows)))


def _outlived(town: Town, _: Generator, n: int) -> list[str]:
    """R027: the owner left or died, the seal did not."""
    struck = LATEST & (pl.col("seal_status") == "9") & pl.col("seal_image_id").is_not_null()
    return town.alter("seal_registration", town.take("seal_registration", n, struck), **OPEN)


def _too_young(town: Town, _: Generator, n: int) -> list[str]:
    """R028: registered on the fourteenth birthday."""
    known = LATEST & ~pl.col("birth_date").str.contains("-00|-02-29") & (pl.col("seal_method") == "3")
    rows = town.take("seal_registration", n, known & _single(town))
    day = iso(pl.col("birth_date").str.to_date().dt.offset_by("14y"))
    return town.alter("seal_registration", rows, registered_date=day, applied_date=day)


def _no_image(town: Town, _: Generator, n: int) -> list[str]:
    """R029: the image was deleted, the registration was not."""
    rows = town.take("seal_registration", n, IN_FORCE)
    town.alter("seal_image", town.rows("seal_image", _of("seal_image_id", rows)), is_deleted=pl.lit("1"))
    return town.keys("seal_registration", rows)


def _skipped(town: Town, _: Generator, n: int) -> list[str]:
    """R007: the first generation is missing."""
    rows = town.take("seal_registration", n, IN_FORCE & _single(town))
    return town.alter("seal_registration", rows, seal_hist_no=pl.col("seal_hist_no") + 1)


FAULTS = [
    Fault("R026", "seal_registration", _nobody),
    Fault("R026", "seal_registration", _two_seals),
    Fault("R027", "seal_registration", _outlived),
    Fault("R028", "seal_registration", _too_young),
    Fault("R029", "seal_registration", _no_image),
    Fault("R007", "seal_registration", _skipped),
]
