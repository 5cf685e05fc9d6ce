"""What the invented people, households and places are put together from.

A name and its kana come from the same line, so they agree. Kana are half-width, a voiced mark being
a byte of its own, as the host writes them.
"""

from __future__ import annotations

from typing import NamedTuple

EXTENSION = {
    raw.decode("cp932"): raw
    for lead in (0xFA, 0xFB, 0xFC)
    for trail in range(0x40, 0xFD)
    if trail != 0x7F and (lead < 0xFC or trail <= 0x4B)
    for raw in [bytes([lead, trail])]
    if raw.decode("cp932").encode("cp932")[0] in (0xED, 0xEE)
}
"""IBM extension characters as a host writes them (髙 FBFC); Python alone would write EEE0."""


def cp932(text: str) -> bytes:
    """Text as the host's bytes.

    >>> cp932("髙﨑").hex()
    'fbfcfab1'
    """
    return b"".join(EXTENSION.get(c) or c.encode("cp932") for c in text)


def wide(text: str) -> str:
    """ASCII letters and digits at full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def pairs(text: str) -> list[tuple[str, str]]:
    """`朝 ｱｻ  霧 ｷﾘ` as [(朝, ｱｻ), (霧, ｷﾘ)]."""
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


# ---- names ----


class Surname(NamedTuple):
    """A family's name, and how often it comes."""

    kanji: bytes
    kana: bytes
    weight: float = 1


_BEFORE = pairs("""
    朝 ｱｻ  霧 ｷﾘ  灯 ﾄﾓ  雪 ﾕｷ  嶺 ﾐﾈ  表 ｵﾓﾃ  能 ﾉｳ  十 ｼﾞｭｳ  鷹 ﾀｶ  星 ﾎｼ  柚 ﾕｽﾞ  藍 ｱｲ  碧 ｱｵ  暁 ｱｹ
    冬 ﾌﾕ  秋 ｱｷ  氷 ﾋ  風 ｶｻﾞ  汐 ｼｵ  貝 ｶｲ  鈴 ｽｽﾞ  蕗 ﾌｷ  竹 ﾀｹ  楠 ｸｽ  檜 ﾋ  髙 ﾀｶ  德 ﾄｸ
""")
_BEHIND = pairs("""
    見沢 ﾐｻﾞﾜ  根 ﾈ  曽根 ｿﾈ  之内 ﾉｳﾁ  ノ瀬 ﾉｾ  窪 ｸﾎﾞ  戸 ﾄﾞ  埜 ﾉ  居 ｲ  垣 ｶﾞｷ  幡 ﾊﾀ  峰 ﾐﾈ
    淵 ﾌﾞﾁ  原田 ﾊﾗﾀﾞ  城 ｼﾛ  﨑 ｻｷ
""")
_RARE = {"髙": 0.3, "德": 0.1, "﨑": 0.3}

SURNAMES = [
    Surname(cp932(a + b), (x + y).encode("cp932"), _RARE.get(a, 1) * _RARE.get(b, 1))
    for a, x in _BEFORE
    for b, y in _BEHIND
]

_GIVEN = {
    1: (
        pairs("能 ﾖｼ  智 ﾄﾓ  悠 ﾕｳ  航 ｺｳ  晴 ﾊﾙ  隼 ﾊﾔ  敬 ﾀｶ  湊 ﾐﾅ  一 ｶｽﾞ  十四 ﾄｼ  藤 ﾌｼﾞ"),
        pairs("成 ﾅﾘ  彦 ﾋｺ  太郎 ﾀﾛｳ  二 ｼﾞ  斗 ﾄ  之介 ﾉｽｹ  蔵 ｿﾞｳ  臣 ｵﾐ  郎 ﾛｳ  馬 ﾏ  樹 ｷ"),
    ),
    2: (
        pairs("沙 ｻ  百 ﾓﾓ  花 ﾊﾅ  千 ﾁ  美 ﾐ  柚 ﾕｽﾞ  佳 ﾖｼ  咲 ｻｷ  結 ﾕｲ  里 ｻﾄ  弥 ﾔ  若 ﾜｶ"),
        pairs("乃 ﾉ  代 ﾖ  恵 ｴ  音 ﾈ  江 ｴ  葉 ﾊ  香 ｶ  子 ｺ  穂 ﾎ  和 ﾜ  津 ﾂﾞ"),
    ),
}
GIVEN = {
    sex: [(cp932(a + b), (x + y).encode("cp932")) for a, x in first for b, y in second]
    for sex, (first, second) in _GIVEN.items()
}
"""Given names and their kana, of men (1) and women (2)."""

FOREIGN_SURNAMES = [
    Surname(cp932(wide(name)), kana.encode("cp932"))
    for name, kana in pairs("""
        NORTHER ﾉｰｻﾞｰ  LINDORF ﾘﾝﾄﾞﾙﾌ  SANTERO ｻﾝﾃﾛ  TRAVON ﾄﾗｳﾞｫﾝ  NGUYAN ｸﾞﾔﾝ  KIMURO ｷﾑﾛ
        PARQUE ﾊﾟﾙｹ  OLIVEX ｵﾘｳﾞｪｯｸｽ  ZHANGE ﾁｬﾝｹﾞ  DELMAR ﾃﾞﾙﾏｰﾙ  HALVEN ﾊﾙﾍﾞﾝ  RAMOSA ﾗﾓｰｻ
    """)
]
FOREIGN_GIVEN = {
    sex: [(cp932(wide(name)), kana.encode("cp932")) for name, kana in pairs(text)]
    for sex, text in {
        1: "JONAH ｼﾞｮｰﾅ  MARCO ﾏﾙｺ  DUONG ﾄﾞｩｵﾝ  ERIK ｴﾘｯｸ  PAVEL ﾊﾟｳﾞｪﾙ  LUIZ ﾙｲｽ",
        2: "ANNA ｱﾝﾅ  MARIE ﾏﾘｰ  LINH ﾘﾝ  SOFIA ｿﾌｨｱ  GRETA ｸﾞﾚﾀ  PAULA ﾊﾟｳﾗ",
    }.items()
}
NATIONALITIES = [b"VNM", b"PHL", b"BRA", b"USA", b"NPL", b"PER", b"DEU"]


# ---- households ----


class Member(NamedTuple):
    """One place in a household."""

    relation: bytes  # 続柄, the vendor's codes from the head on
    sex: int = 0  # 1, 2, or 0 for either
    gap: tuple[float, float] = (0, 0)  # years older than the head
    koseki: int = 0  # who heads the family register: a place in the household, -1: an ancestor
    own_name: bool = False


MEMBERS = {
    "head": Member(b"01"),
    "wife": Member(b"03", 2, (-6, 4)),
    "unmarried wife": Member(b"05", 2, (-8, 4), -1, own_name=True),
    "first son": Member(b"11", 1, (-29, -23)),
    "first daughter": Member(b"21", 2, (-34, -30)),
    "second son": Member(b"12", 1, (-39, -35)),
    "married son": Member(b"11", 1, (-29, -23), 2),
    "son's wife": Member(b"1103", 2, (-31, -24), 2),
    "son's son": Member(b"1111", 1, (-59, -53), 2),
    "father": Member(b"31", 1, (23, 29), 3),
    "mother": Member(b"32", 2, (21, 26), 3),
    "younger brother": Member(b"42", 1, (-8, -2), -1),
    "elder sister": Member(b"43", 2, (2, 8), -1),
    "lodger": Member(b"71", 0, (-15, 5), -1, own_name=True),
}
"""The head comes first."""


class Household(NamedTuple):
    """A kind of household, and how often it comes."""

    weight: float
    head_age: tuple[float, float]
    head_sex: int
    members: tuple[str, ...] = ()  # besides the head
    married: bool = False  # the head heads a family register of their own
    mortal: int = -1  # whose place may be left by death


HOUSEHOLDS = [
    Household(42, (19, 96), 0, mortal=0),
    Household(18, (26, 92), 1, ("wife",), married=True, mortal=0),
    Household(10, (29, 66), 1, ("wife", "first son"), married=True, mortal=0),
    Household(8, (36, 64), 1, ("wife", "first son", "first daughter"), married=True),
    Household(3, (40, 60), 1, ("wife", "first son", "first daughter", "second son"), married=True),
    Household(6, (28, 60), 2, ("first son",), married=True),
    Household(4, (30, 60), 1, ("wife", "first son", "father", "mother"), married=True, mortal=3),
    Household(3, (62, 82), 1, ("wife", "married son", "son's wife", "son's son"), married=True),
    Household(2, (26, 60), 1, ("unmarried wife",)),
    Household(2, (24, 70), 0, ("younger brother",)),
    Household(1, (24, 70), 0, ("elder sister",)),
    Household(1, (40, 70), 0, ("lodger",)),
]
"""The first kind is one person alone."""


# ---- places ----


class Town(NamedTuple):
    """A 町字 of 浅間県浅間市; neither exists."""

    name: bytes
    code: bytes  # 住所コード
    postal: bytes
    ward: bytes  # 行政区


TOWNS = [
    Town(cp932(name), b"48201%03d%03d" % (large, small), b"000%02d%02d" % (large, small), ward)
    for name, large, small, ward in [
        ("表ソ能町", 1, 0, b"001"),
        ("鷹見町一丁目", 2, 1, b"002"),
        ("鷹見町二丁目", 2, 2, b"002"),
        ("鷹見町三丁目", 2, 3, b"003"),
        ("灯町", 3, 0, b"004"),
        ("霧ノ沢", 4, 0, b"005"),
        ("竹曽根", 5, 0, b"006"),
        ("雪見台", 6, 0, b"007"),
        ("構之内", 7, 0, b"008"),
        ("十日窪", 8, 0, b"009"),
        ("貼箱ケ原", 9, 0, b"010"),
        ("大字申渕", 10, 0, b"011"),
        ("大字申渕字畑", 10, 1, b"011"),
        ("大字申渕字圭", 10, 2, b"012"),
    ]
]
BUILDINGS = [
    cp932(name)
    for name in (
        "コーポ灯",
        "ソレイユ表",
        "ハイツ霧",
        "市営雪見団地",
        "メゾン能",
        "ポプラ寮",
        "ゼブラ館",
    )
]
PREVIOUS = [
    cp932(text)
    for text in [
        "白根県白根市本町1-2-3",
        "白根県白根市本町１丁目4 ｺｰﾎﾟ205",
        "黒姫県霧積郡霧積町大字表10番地",
        "黒姫県黒姫市ソ連台七番地の２",
        "浅間県上浅間郡嶺村25",
        "浅間県下浅間市暴風字能2110-1",
    ]
]
"""Former addresses, as free text of both widths."""

WIDE_NUMBERS = [cp932(wide(str(number))) for number in range(1000)]
