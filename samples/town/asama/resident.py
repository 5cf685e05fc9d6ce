"""住民記録異動ファイル of ASAMA: every generation, the household's values copied into each of its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from parts import MEMBERS

from town import spell
from town.core import CITY, EXTRACTED, LegacyFile

if TYPE_CHECKING:
    from town.core import Town

HEADER = {
    "record_type": "1", "system_id": "ASAMA-JK", "file_name": "JUKI0100", "city_code": CITY,
    "extracted_at": EXTRACTED, "run_no": "001", "book_version": "0401",
}  # fmt: skip
RELATIONS = {"02": "01", "11": "02", "12": "03", "13": "04", "14": "05", "51": "31", "52": "32",
             "71": "41", "74": "42", "81": "43", "84": "44", "96": "61", "99": "71"}  # fmt: skip
"""C012 -> 続柄; 20 (子) is told apart by what kind of child it is."""

CHILDREN = {
    name: m.relation[-2:].decode() for name, m in MEMBERS.items() if m.relation[:1] in b"12"
}
ELDEST = {"son's wife": "11", "son's son": "11"}
"""The relation of the child through whom one is related."""

LEFT = {"2": 3, "3": 4, "9": 5}
"""住民状態 -> 住民区分 of a Japanese; three more for foreigners."""


def files(town: Town) -> list[LegacyFile]:
    """JUKI0100.DAT."""
    body = records(town)
    parts = [
        ("header", pl.DataFrame(HEADER)),
        ("resident", body),
        ("trailer", pl.DataFrame({"file_name": "JUKI0100"})),
    ]
    return [LegacyFile("asama/resident", "JUKI0100.DAT", parts)]


def records(town: Town) -> pl.DataFrame:
    """One record a row of juki_resident, in its order."""
    truth, past = town.truth["juki_resident"], town.history
    homes = town.truth["juki_household"].select(
        "household_no", "established", "closed", "head_atena_no", counted="member_count",
        generation="household_hist_no",
    )  # fmt: skip
    person = town.people[past["person"]].select("protected", "nationality", "previous", kind="role")
    frame = pl.concat(
        [truth, past.select("code", "household", "members", "role"), person, extras(town)],
        how="horizontal",
    )
    frame = frame.join(homes, on="household_no", how="left", maintain_order="left")
    native, latest = pl.col("resident_type") == "1", pl.col("is_latest") == "1"
    gone = pl.col("resident_status").replace_strict(LEFT, default=1, return_dtype=pl.Int64)
    stays = pl.col("resident_status") == "1"
    now = latest & stays
    leads = pl.col("head_atena_no") == pl.col("atena_no")
    return frame.select(
        "name", "alias", "head_name", "list_order", "jumin_code", "nationality", "sex", "domicile", "koseki_head",
        "last_year_tax", "overpaid", "han", "print_order", "person_hist_no",
        atena_no=spell.last("atena_no", 10),
        household_no=spell.last("household_no", 10),
        household_hist_no=pl.col("generation").fill_null(1),
        resident_class=gone + pl.when(native).then(0).when(stays).then(1).otherwise(3),
        name_kana=spell.halfkana("name_kana"),
        birth=spell.era7("birth_date"),
        **relations(),
        member_count=pl.when(latest & leads).then("counted").otherwise("members"),
        addr_code="addr_code11", town="addr_town", banchi="addr_banchi", katagaki="addr_katagaki", postal="addr_postal",
        became=spell.era7("became_date"),
        addr_since=spell.era7("addr_since"),
        event=spell.era7("event_date"),
        notified=spell.western("notified_date"),
        event_code="code",
        prev_addr="previous",
        ward="ward_code",
        koho=pl.when(now & leads).then(1 + (pl.col("household") % 17 == 0).cast(pl.Int64)).otherwise(0),
        household_set=spell.era7("established"),
        household_closed=spell.era7("closed"),
        insurance=insurance(),
        voter="voter_flag",
        restraint=(now & pl.col("protected")).cast(pl.Int64),
        latest=pl.when(latest).then(pl.lit("0")).otherwise(pl.lit("1")),
        deleted=pl.lit("0"),
        updated_date=spell.western("operated_date"),
        updated_time=pl.col("operated_time").str.replace_all(":", "", literal=True),
        terminal="operator_id",
    )  # fmt: skip


def relations() -> dict[str, pl.Expr]:
    """続柄, with 長男, 二女 ... as the host tells them apart."""
    own = pl.col("kind").replace_strict(CHILDREN, default="11")
    through = pl.col("kind").replace_strict(ELDEST, default=None)
    found = {}
    for place in range(1, 5):
        code = pl.col(f"rel_code{place}")
        child = pl.coalesce(through, own) if place == 1 else own
        plain = code.replace_strict(RELATIONS, default=None, return_dtype=pl.String)
        found[f"rel_{place}"] = pl.when(code == "20").then(child).otherwise(plain)
    return found


def insurance() -> pl.Expr:
    """資格区分: four qualifications in one digit."""
    has = {c: pl.col(f"{c}_flag") == "1" for c in ("nhi", "elderly", "ltci", "np")}
    return (
        pl.when(has["elderly"]).then(4)
        .when(has["nhi"] & has["np"]).then(2)
        .when(has["nhi"] & has["ltci"]).then(3)
        .when(has["nhi"]).then(1)
        .when(has["np"]).then(5)
        .when(has["ltci"]).then(6)
        .otherwise(0)
    )  # fmt: skip


def extras(town: Town) -> pl.DataFrame:
    """What other systems copy here, and what has no home in the standard; in the order of town.history."""
    rng, past = town.rng("asama/resident"), town.history
    count = town.people.height
    tax = (town.people["income"].to_numpy() * 0.045).astype(np.int64) // 100 * 100
    owed = np.where(rng.random(count) < 0.04, rng.integers(-9_999, 10_000, count), 0)
    home = past["household"]
    person = pl.DataFrame({"last_year_tax": tax, "overpaid": owed})[past["person"]]
    return person.with_columns(han=1 + home % 24, print_order=10 * (1 + home % 40))
