"""Who is addressed without living in the town: 住登外 people who own or owe something here, and companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from make import NEVER, TODAY, Population, Share, addresses, between, digits, names
from parts import BUILDINGS, wide

from town import spell
from town.register import numbers, series

if TYPE_CHECKING:
    from numpy.typing import NDArray

ELSEWHERE = [
    # pref code, pref, city, town, postal; none of them exists
    ("49201", "白根県", "白根市", "本町一丁目", "0004901"),
    ("49201", "白根県", "白根市", "氷室町", "0004902"),
    ("50301", "黒姫県", "霧積郡霧積町", "大字表", "0005001"),
    ("50202", "黒姫県", "黒姫市", "ソ連台七番町", "0005002"),
    ("48361", "浅間県", "上浅間郡嶺村", "大字嶺", "0004801"),
    ("48202", "浅間県", "下浅間市", "暴風字能", "0004802"),
]
"""Municipalities of invented prefectures 48, 49 and 50."""

COMPANY_NAMES = [
    ("表ソ能", "オモテソノウ"), ("霧ノ窪", "キリノクボ"), ("嶺曽根", "ミネソネ"), ("灯之内", "トモノウチ"), ("雪ノ瀬", "ユキノセ"), ("竹見沢", "タケミザワ"),
    ("十日窪", "トオカクボ"), ("鷹之内", "タカノウチ"), ("貝見沢", "カイミザワ"), ("藍曽根", "アイソネ"), ("髙淵", "タカブチ"), ("暁ノ瀬", "アケノセ"),
]  # fmt: skip
TRADES = [
    ("商事", "ショウジ"), ("建設", "ケンセツ"), ("製作所", "セイサクショ"), ("運輸", "ウンユ"), ("食品", "ショクヒン"), ("電機", "デンキ"),
    ("不動産", "フドウサン"), ("印刷", "インサツ"), ("農園", "ノウエン"), ("薬局", "ヤッキョク"), ("工務店", "コウムテン"), ("酒造", "シュゾウ"),
]  # fmt: skip
KINDS = (("株式会社", "カブシキガイシャ", "301", True), ("有限会社", "ユウゲンガイシャ", "302", True),
         ("", "", "301", False), ("合同会社", "ゴウドウガイシャ", "305", True))  # fmt: skip
"""Legal form, its kana, C040, whether it comes first."""


def city_code(body: str) -> str:
    """全国地方公共団体コード: five digits and their check digit.

    >>> city_code("48201")
    '482013'
    """
    total = sum(int(d) * w for d, w in zip(body, (6, 5, 4, 3, 2), strict=True))
    return body + str((11 - total % 11) % 10)


def called(rng: np.random.Generator, count: int) -> tuple[pl.Series, pl.Series, NDArray[np.int64]]:
    """Japanese names, their kana and the sex."""
    zeros, days = np.zeros(count, np.int64), np.full(count, NEVER)
    sex = rng.integers(1, 3, count)
    of = Population(
        household=np.arange(count), place=zeros, person=zeros[:0], day=days[:0], code=zeros[:0],
        generation=zeros[:0], latest=zeros[:0] > 0, removed=zeros[:0] > 0, foreign=zeros > 0,
        template=zeros, established=days, closed=days, moves=np.stack([days, days], axis=1),
        new_head=days, entered=days, born=days, removal=days, sex=sex,
    )  # fmt: skip
    drawn = names(rng, of, Share(gaiji=0.0))
    return series(drawn.name), series(drawn.kana), sex


def elsewhere(rng: np.random.Generator, count: int) -> dict[str, pl.Series]:
    """Addresses outside the town."""
    place = rng.integers(0, len(ELSEWHERE), count)
    lot = [wide(str(n)) for n in range(400)]
    banchi = pl.Series([f"{n}番地" for n in lot]).gather(rng.integers(1, 400, count))
    flat = pl.Series([b.decode("cp932") + wide(str(n)) for b in BUILDINGS for n in range(101, 110)])
    some = flat.gather(rng.integers(0, len(flat), count))
    has = pl.Series(rng.random(count) < 0.3)
    columns = list(zip(*ELSEWHERE, strict=True))
    return {
        "addr_city_code": pl.Series([city_code(c) for c in columns[0]]).gather(place),
        "addr_pref": pl.Series(columns[1]).gather(place),
        "addr_city": pl.Series(columns[2]).gather(place),
        "addr_town": pl.Series(columns[3]).gather(place),
        "addr_banchi": banchi,
        "addr_katagaki": pl.select(pl.when(has).then(some)).to_series(),
        "addr_postal": pl.Series(columns[4]).gather(place),
    }


def outsiders(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """Town.outsiders."""
    name, kana, sex = called(rng, count)
    born = TODAY - ((22 + rng.random(count) * 70) * 365.2425).astype("m8[D]")
    frame = pl.DataFrame({
        "atena_no": numbers(500_000_000, count),
        "name": name, "name_kana": kana, "sex": pl.Series(sex).cast(pl.String), "born": born,
        **elsewhere(rng, count),
    })  # fmt: skip
    last = pl.lit(TODAY.item())
    passed = (pl.col("born").dt.strftime("%m%d") <= last.dt.strftime("%m%d")).cast(pl.Int64)
    kanji, kana_parts = pl.col("name").str.split("\u3000"), pl.col("name_kana").str.split("\u3000")
    return frame.with_columns(pl.col("name_kana").pipe(spell.widened)).with_columns(
        family=kanji.list.get(0), given=kanji.list.get(1),
        family_kana=kana_parts.list.get(0), given_kana=kana_parts.list.get(1),
        birth_date=pl.col("born").cast(pl.String),
        age=(last.dt.year() - pl.col("born").dt.year() - 1).cast(pl.Int64) + passed,
    )  # fmt: skip


def companies(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """Town.companies: most have their seat in the town."""
    form = rng.choice(len(KINDS), count, p=[0.5, 0.25, 0.1, 0.15])
    part, trade = rng.integers(0, len(COMPANY_NAMES), count), rng.integers(0, len(TRADES), count)
    tel = pl.Series(np.arange(count)) % 9_000 + 10_000
    tel = (
        "0999-"
        + pl.Series(rng.integers(20, 90, count)).cast(pl.String)
        + "-"
        + tel.cast(pl.String).str.slice(1)
    )
    serial = [wide(str(i // 100)) if i >= 100 else "" for i in range(count)]
    title, kana, kind = [], [], []
    for i in range(count):
        legal, legal_kana, code, first = KINDS[form[i]]
        stem = COMPANY_NAMES[part[i]][0] + TRADES[trade[i]][0]
        read = COMPANY_NAMES[part[i]][1] + TRADES[trade[i]][1]
        stem, read = stem + serial[i], read + serial[i]
        legal, legal_kana = (legal, legal_kana) if legal else ("株式会社", "カブシキガイシャ")
        title.append(legal + stem if first else stem + legal)
        kana.append(legal_kana + read if first else read + legal_kana)
        kind.append(code)
    established = between(rng, np.full(count, np.datetime64("1955")), np.full(count, TODAY - 800))
    closed = between(rng, established + 700, np.full(count, TODAY - 30))
    closed = np.where(rng.random(count) < 0.06, closed, NEVER)
    here = pl.Series(rng.random(count) < 0.8)
    inside = {k: series(v) for k, v in addresses(rng, count).items()}
    whole = {f"addr_{k}": inside[k] for k in ("town", "banchi", "katagaki", "postal")}
    whole |= {
        "addr_city_code": pl.repeat(city_code("48201"), count, eager=True),
        "addr_pref": pl.repeat("浅間県", count, eager=True),
        "addr_city": pl.repeat("浅間市", count, eager=True),
    }
    outside = elsewhere(rng, count)
    capital = np.array([1, 3, 5, 10, 10, 20, 50, 100, 300, 1500])[rng.integers(0, 10, count)]
    representative, _, _ = called(rng, count)
    return pl.DataFrame({
        "atena_no": numbers(800_000_000, count),
        "corporate_no": corporate(count),
        "name": title, "name_kana": kana, "corp_kind": kind,
        **{k: pl.select(pl.when(here).then(whole[k]).otherwise(outside[k])).to_series() for k in outside},
        "tel": tel,
        "established": established,
        "capital": capital * 1_000_000,
        "employees": 1 + (rng.random(count) ** 4 * 150).astype(np.int64),
        "representative": representative,
        "fiscal_month": np.array([3, 3, 3, 12, 9, 6, 5, 2])[rng.integers(0, 8, count)],
        "closed": closed,
    })  # fmt: skip


def corporate(count: int) -> pl.Series:
    """法人番号: bodies beginning with 00000, which no registry uses, with the check digit in front."""
    body = 100_000 + np.arange(count) * 7
    places = (digits(body, 12) - 48).astype(np.int64)
    total = (places * np.where(np.arange(12) % 2, 1, 2)).sum(1)
    first = 9 - total % 9
    return pl.Series(first).cast(pl.String) + pl.Series(body).cast(pl.String).str.zfill(12)
