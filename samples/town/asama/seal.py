"""印鑑登録ファイル of ASAMA: registration, card and image in one record, and of the cards before only the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.asama.host import clock, deleted, entered, generation, header, trailer
from town.core import LegacyFile

if TYPE_CHECKING:
    from town.core import Town

REASONS = {"01": "31", "02": "32", "03": "33", "04": "34", "11": "41", "12": "42", "13": "43", "14": "44", "99": "49"}
KINDS = {"1": "0", "2": "1", "3": "2", "4": "3", "5": "4", "6": "5"}
CARDS = {"1": "1", "2": "2", "3": "3", "4": "5", "9": "8"}
NONE = pl.lit("00000000")


def files(town: Town) -> list[LegacyFile]:
    """INKAN001.DAT."""
    parts = [("header", header("ASAMA-IK", "INKAN001")), ("seal", records(town)), ("trailer", trailer("INKAN001"))]
    return [LegacyFile("asama/seal", "INKAN001.DAT", parts)]


def records(town: Town) -> pl.DataFrame:
    """One a generation of a registration; a record of the past tells of its card what was true then."""
    rows = town.truth["seal_registration"]
    now = pl.col("is_latest") == "1"
    cards = town.truth["seal_card"]
    kept = ("issued_date", "issue_kind", "issue_place", "fee", "card_status", "lost_date", "returned_date")
    used = rows.select("seal_card_no", holder="seal_reg_no", newest="is_latest")
    last = used.filter(pl.col("newest") == "1")["seal_card_no"].implode()
    before = cards.filter(~pl.col("seal_card_no").is_in(last))
    before = before.select("seal_reg_no", old_card_no="seal_card_no", **{f"old_{c}": c for c in kept})
    before = before.with_columns(is_latest=pl.lit("1"))
    pictures = town.truth["seal_image"].select(
        "seal_image_id", "file_name", "width", "height", "dpi", "byte_size", "sha256", picture_format="format", picture_deleted="is_deleted",
        picture_by="operator_id", picture_date="operated_date", picture_time="operated_time",
    )  # fmt: skip
    frame = rows.join(cards.select("seal_card_no", *kept), on="seal_card_no", how="left", maintain_order="left")
    frame = frame.join(before, on=["seal_reg_no", "is_latest"], how="left", maintain_order="left")
    frame = frame.join(pictures, on="seal_image_id", how="left", maintain_order="left")
    lines = pl.col("note").str.split("\\n")
    turn = pl.int_range(pl.len())
    number = pl.col("seal_reg_no").cast(pl.Int64)
    return frame.select(
        "seal_reg_no", "seal_hist_no", "seal_name",
        atena_no=spell.last("atena_no", 10),
        state=pl.coalesce(pl.col("abolish_reason").replace_strict(REASONS, default=None), pl.col("seal_status") + "0"),
        method="seal_method",
        registered=spell.era7("registered_date"),
        applied=spell.western("applied_date"),
        text_kind=pl.col("seal_text_kind").replace_strict(KINDS),
        seal_text=pl.when(pl.col("seal_text") != pl.col("seal_name")).then("seal_text"),
        other_name=pl.coalesce("seal_former_name", "seal_alias"),
        birth=spell.era7("birth_date"),
        reg_household=spell.last("household_no", 10),
        card_no="seal_card_no",
        card_issued=spell.era7("issued_date"),
        card_kind="issue_kind", card_place="issue_place", card_fee="fee",
        card_state=pl.when(now).then(pl.col("card_status").replace_strict(CARDS)).otherwise(pl.lit("1")),
        card_lost=pl.when(now).then(spell.era7("lost_date")),
        card_returned=pl.when(now).then(spell.era7("returned_date")),
        old_card_no="old_card_no",
        old_issued=spell.era7("old_issued_date"),
        old_kind="old_issue_kind", old_place="old_issue_place", old_fee="old_fee",
        old_state=pl.col("old_card_status").replace_strict(CARDS, default=None),
        old_lost=spell.era7("old_lost_date"),
        old_returned=spell.era7("old_returned_date"),
        image_no=pl.col("seal_image_id").fill_null(NONE),
        image_file="file_name",
        image_kind=pl.when(pl.col("picture_format") == "PNG").then(pl.lit("2")).when(pl.col("picture_format").is_not_null()).then(pl.lit("1")),
        image_width="width", image_height="height", image_dpi="dpi", image_bytes="byte_size", image_hash="sha256",
        image_date=spell.western("picture_date"),
        image_time=clock("picture_time"),
        image_terminal="picture_by",
        image_deleted=deleted("picture_deleted"),
        agent="agent_flag",
        guarantor_no=pl.col("guarantor_seal_no").fill_null(NONE),
        inquiry_sent=spell.western("inquiry_sent"),
        inquiry_due=spell.western("inquiry_due"),
        abolished=spell.era7("abolished_date"),
        cvs="cvs_flag",
        remark_1=lines.list.get(0, null_on_oob=True),
        remark_2=lines.list.get(1, null_on_oob=True),
        pin=pl.when(number % 3 == 0).then((number * 7 % 10_000).cast(pl.String).str.zfill(4)),
        issue_total=number * 5 % 13,
        last_issued=pl.when(number * 5 % 13 > 0).then(pl.lit("20251105")).otherwise(NONE),
        paper_no=pl.when(pl.col("registered_date") < "1995-04-01").then("D" + spell.last("seal_reg_no", 6)),
        print_order=turn + 1,
        latest=generation(),
        **entered(),
    )  # fmt: skip
