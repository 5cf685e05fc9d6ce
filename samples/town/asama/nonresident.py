"""宛名ファイル of ASAMA: 個人, 法人, 共有 and 送付先 in one file, told apart by the first byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from town import spell
from town.asama.host import city5, clock, deleted, entered, generation, header, trailer, turns
from town.core import LegacyFile

if TYPE_CHECKING:
    from town.core import Town

NAME = "ATENA01"
MAILS = 3
CORP_KINDS = {
    "101": "01",
    "201": "02",
    "301": "10",
    "302": "11",
    "303": "12",
    "304": "13",
    "305": "14",
    "399": "19",
    "401": "20",
}
BUSINESSES = {"001": "10", "007": "20", "009": "25", "012": "30", "014": "40"}
REASONS = {"01": "N", "02": "S", "03": "K", "04": "H", "05": "D", "09": "J", "99": "Z"}


def files(town: Town) -> list[LegacyFile]:
    """ATENA01.DAT."""
    body = town.truth["atena_corporation"]
    links = merged(town)
    parts = [
        ("header", header("ASAMA-AT", NAME, "0302")),
        ("individual", individuals(town, links)),
        ("company", companies(town, body.filter(pl.col("atena_kind") == "5"), links)),
        ("joint", joints(body.filter(pl.col("atena_kind") == "6"))),
        ("mailing", mailings(town.truth["atena_mailing"])),
        ("trailer", trailer(NAME)),
    ]
    return [LegacyFile("asama/addressee", f"{NAME}.DAT", parts)]


def merged(town: Town) -> pl.DataFrame:
    """名寄せ of a number, to be copied into all its generations."""
    return town.truth["atena_identity_link"].select(
        "atena_no",
        merge_state=pl.when(pl.col("released_date").is_null())
        .then(pl.lit("1"))
        .otherwise(pl.lit("2")),
        merged_no=spell.last("merged_into", 10),
        merged_on=spell.western("merged_date"),
        merge_basis="basis",
        released=spell.western("released_date"),
        merge_operator="operator_id",
        merge_date=spell.western("operated_date"),
        merge_time=clock("operated_time"),
    )


MERGE = (
    "merged_no", "merged_on", "merge_basis", "released", "merge_operator", "merge_date", "merge_time",
)  # fmt: skip


def address() -> dict[str, pl.Expr]:
    """Of the names of prefecture and city ten characters at most are kept."""
    return {
        "city": city5("addr_city_code"),
        "pref_name": pl.col("addr_pref"),
        "city_name": pl.col("addr_city").str.slice(0, 10),
        "town": pl.col("addr_town"),
        "banchi": pl.col("addr_banchi"),
        "katagaki": pl.col("addr_katagaki"),
        "postal": pl.col("addr_postal"),
    }


def individuals(town: Town, links: pl.DataFrame) -> pl.DataFrame:
    rng = town.rng("asama/nonresident")
    rows = town.truth["atena_nonresident"].join(
        links, on="atena_no", how="left", maintain_order="left"
    )
    owns = pl.Series(rng.integers(0, 16, rows.height))
    return rows.select(
        *MERGE, "atena_hist_no", "name", "sex", "tel",
        atena_no=spell.last("atena_no", 10),
        person_kind=pl.when(pl.col("name_roman").is_null()).then(pl.lit("1")).otherwise(pl.lit("2")),
        kana=spell.halfkana("name_kana"),
        birth=spell.era7("birth_date"),
        **address(),
        country="addr_country",
        overseas="addr_overseas",
        merge_state=pl.col("merge_state").fill_null("0"),
        share=pl.when(pl.col("no_share_flag") == "1").then(pl.lit("9")).otherwise(pl.lit("0")),
        owner=pl.concat_str([(owns // 2**i % 2).cast(pl.String) for i in range(4)]),
        returned=pl.lit("0"),
        bank_count=owns % 3,
        memo=pl.when(owns == 7).then(pl.lit("電話は夕方以降")),
        latest=generation(),
        **entered(),
    )  # fmt: skip


def companies(town: Town, rows: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    known = town.companies.select(
        "atena_no", capital=pl.col("capital") // 1000, employees="employees"
    )
    rows = rows.join(links, on="atena_no", how="left", maintain_order="left")
    rows = rows.join(known, on="atena_no", how="left", maintain_order="left")
    return rows.select(
        *MERGE, "atena_hist_no", "corporate_no", "rep_title", "rep_name", "tel",
        atena_no=spell.last("atena_no", 10),
        corp_kind=pl.col("corp_kind").replace_strict(CORP_KINDS, default="99"),
        name="corp_name",
        kana=spell.halfkana("corp_kana"),
        branch="branch_name",
        **address(),
        registered="registered_addr",
        established=spell.era7("established"),
        closed=spell.western("closed").fill_null("00000000"),
        capital=pl.col("capital").fill_null(0),
        employees=pl.col("employees").fill_null(0),
        merge_state=pl.col("merge_state").fill_null("0"),
        latest=generation(),
        **entered(),
    )  # fmt: skip


def joints(rows: pl.DataFrame) -> pl.DataFrame:
    """Without an address: it is that of the one who stands for the group."""
    return rows.select(
        "atena_hist_no",
        atena_no=spell.last("atena_no", 10),
        rep_no=spell.last("joint_rep_atena_no", 10),
        member_count="joint_count",
        name="corp_name",
        kana=spell.halfkana("corp_kana"),
        latest=generation(),
        **entered(),
    )


def mailings(rows: pl.DataFrame) -> pl.DataFrame:
    """Three of a party in a record; name and address only of those without a number."""
    own = pl.col("mailing_atena_no").is_null()
    cells = rows.select(
        atena_no=spell.last("atena_no", 10),
        business=pl.col("gyomu_id").replace_strict(BUSINESSES),
        seq="mailing_seq",
        reason=pl.col("mailing_reason").replace_strict(REASONS),
        to_no=spell.last("mailing_atena_no", 10),
        to_name=pl.when(own).then("mailing_name"),
        to_kana=pl.when(own).then(spell.halfkana("mailing_kana")),
        to_city=pl.when(own).then(city5("mail_city_code")),
        to_town=pl.when(own).then("mail_town"),
        to_banchi=pl.when(own).then("mail_banchi"),
        to_katagaki=pl.when(own).then("mail_katagaki"),
        to_postal=pl.when(own).then("mail_postal"),
        to_tel="tel",
        since=spell.era7("valid_from"),
        until=spell.western("valid_to").fill_null("00000000"),
        mail_deleted=deleted(),
        mail_operator="operator_id",
        mail_date=spell.western("operated_date"),
        mail_time=clock("operated_time"),
    )
    names = [c for c in cells.columns if c != "atena_no"]
    records = turns(cells, ["atena_no"], MAILS, names)
    return records.drop("_page", "used").with_columns(mail_count=records["used"])
