"""Nasty cases: what goes wrong in real files, each in one known record of the sample."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from parts import TOWNS, cp932

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

Record = bytearray
"""One record."""

PASSING = ("ok", "unregistered_gaiji", "before_space", "atena_no")
"""What does not keep a record from passing."""


@dataclass(frozen=True)
class Place:
    """Where a field lies: its first byte (from 0), its bytes, its type."""

    at: int
    bytes: int
    type: str


class View:
    """A record with its fields by name."""

    def __init__(self, record: Record, places: Mapping[str, Place]) -> None:
        self.record = record
        self.places = places

    def __getitem__(self, name: str) -> bytes:
        place = self.places[name]
        return bytes(self.record[place.at : place.at + place.bytes])

    def __setitem__(self, name: str, value: bytes) -> None:
        place = self.places[name]
        blank = b"\x81\x40" if place.type == "wide" and len(value) % 2 == 0 else b" "
        whole = value + blank * ((place.bytes - len(value)) // len(blank))
        if len(whole) != place.bytes:
            raise ValueError(f"{name} has {place.bytes} bytes, not {len(whole)}")
        self.record[place.at : place.at + place.bytes] = whole

    def text(self, name: str) -> bytes:
        """A field without the blanks behind it."""
        value = self[name]
        while value.endswith((b"\x81\x40", b" ")):
            value = value[:-2] if value.endswith(b"\x81\x40") else value[:-1]
        return value


class Case(NamedTuple):
    """One thing that goes wrong, or looks wrong and is not."""

    name: str
    field: str
    expected: str  # the name of an issue, or ok
    note: str  # ok: column=value ... that must come out
    who: Callable[[View], bool]
    change: Callable[[View], None]


# ---- who it happens to: people with one generation, so that nothing else is touched ----


def once(view: View) -> bool:
    return view["person_hist_no"] == b"001" and view["latest"] == b"0"


def member(view: View) -> bool:
    """A Japanese resident who is not the head."""
    return once(view) and view["resident_class"] == b"1" and not view["rel"].startswith(b"01")


def alone(view: View) -> bool:
    """A Japanese resident living alone."""
    return once(view) and view["resident_class"] == b"1" and view["member_count"] == b"01"


def elder(view: View) -> bool:
    """Born 昭和15年 to 昭和25年, so that 昭和20年 does no harm."""
    return (member(view) or alone(view)) and b"315" <= view["birth"][:3] <= b"325"


def dead(view: View) -> bool:
    """An old 除票 of which only the last generation is left."""
    return once(view) and view["resident_class"] == b"4"


def in_first_town(view: View) -> bool:
    return alone(view) and view.text("town") == TOWNS[0].name


# ---- what happens ----


def put(name: str, value: bytes) -> Callable[[View], None]:
    """Write a field, as it is, blanks behind it."""

    def change(view: View) -> None:
        view[name] = value

    return change


def born(value: bytes) -> Callable[[View], None]:
    """Another birth, also where the days of becoming a resident are the day of birth."""

    def change(view: View) -> None:
        before = view["birth"]
        for name in ("birth", "became", "addr_since"):
            if view[name] == before:
                view[name] = value

    return change


def removed_at_150(view: View) -> None:
    born(b"1030815")(view)
    view["resident_class"], view["event_code"] = b"5", b"207"


def wrong_digit(name: str) -> Callable[[View], None]:
    """Another check digit."""

    def change(view: View) -> None:
        number = view[name]
        view[name] = number[:-1] + b"%d" % ((number[-1] - 0x30 + 1) % 10)

    return change


def lost_byte(view: View) -> None:
    """間 of 浅間県 loses its first byte; what follows moves up, and a blank fills the end."""
    whole = view["domicile"]
    view["domicile"] = whole[:2] + whole[3:] + b" "


def called(name: bytes, kana: bytes, koseki: bytes) -> Callable[[View], None]:
    def change(view: View) -> None:
        view["name"] = view["head_name"] = name
        view["name_kana"], view["koseki_head"] = kana, koseki

    return change


def with_gaiji(view: View) -> None:
    view["name"] = view["head_name"] = b"\xf0\x40" + view.text("name")[2:]


def without_gap(view: View) -> None:
    view["name"] = view.text("name").replace(b"\x81\x40", b"")


def both_blanks(view: View) -> None:
    name, kana = cp932("表　十四郎"), b"\xb5\xd3\xc3 \xc4\xbc\xdb\xb3"
    size = view.places["name"].bytes
    view["name"] = (name + b"\x81\x40\x20\x20" * size)[: size - 2] + b"\x81\x40"
    view["name_kana"] = kana


def outsider(view: View) -> None:
    view["resident_class"] = b"9"
    for name in ("jumin_code", "rel", "became", "koseki_head", "domicile"):
        view[name] = b" " * view.places[name].bytes
    view["last_year_tax"] = b"00000000"


def blank_optional(view: View) -> None:
    for name in ("alias", "katagaki", "prev_addr", "notified", "nationality"):
        view[name] = b""


def nothing(view: View) -> None:
    del view


def kana_in_two_bytes(view: View) -> None:
    view["name_kana"] = cp932("ヤ") + view.text("name_kana")[2:]


UNKNOWN = "birth_date_unk=1"
CASES = [
    # Bytes.
    Case("invalid-pair", "katagaki", "undecodable", "85 40 は CP932 にない2バイト", member,
         put("katagaki", cp932("灯") + b"\x85\x40" + cp932("荘"))),
    Case("cut-at-the-end", "prev_addr", "cut_character", "最後のバイトが漢字の前半だけ", member,
         put("prev_addr", cp932("白根県白根市本町１丁目") + b"23-4567-8" + b"\x95")),
    Case("shifted-by-a-byte", "domicile", "not_wide",
         "「間」の前半が失われ、以後が1バイトずれた。復号はできてしまう", member, lost_byte),
    Case("byte-80", "prev_addr", "invalid_byte", "0x80", member,
         put("prev_addr", cp932("白根県") + b"\x80" + cp932("白根市"))),
    Case("byte-a0", "prev_addr", "invalid_byte", "0xA0", member,
         put("prev_addr", cp932("白根県") + b"\xa0" + cp932("白根市"))),
    Case("byte-fd", "prev_addr", "invalid_byte", "0xFD", member,
         put("prev_addr", cp932("白根県") + b"\xfd" + cp932("白根市"))),
    Case("high-values", "prev_addr", "invalid_byte", "0xFF で埋まった項目(HIGH-VALUE)", member,
         put("prev_addr", b"\xff" * 32)),
    Case("nul", "prev_addr", "control_character", "0x00", member,
         put("prev_addr", cp932("白根県") + b"\x00" + cp932("白根市"))),
    Case("lone-cr", "prev_addr", "control_character", "改行でない 0x0D", member,
         put("prev_addr", cp932("白根県") + b"\x0d" + cp932("白根市"))),
    # Characters that the field's type does not allow.
    Case("half-width-in-wide", "katagaki", "not_wide", "全角項目に半角の 203", member,
         put("katagaki", cp932("コーポ灯") + b"203 ")),
    Case("full-width-in-kana", "name_kana", "not_kana", "カナ項目に全角カナ", member,
         kana_in_two_bytes),
    Case("letter-in-digits", "postal", "not_digits", "0 のところに英字 O", member,
         put("postal", b"00O0101")),
    Case("bad-overpunch", "overpaid", "not_zoned", "符号の字が X", member,
         put("overpaid", b"00012X")),
    # Days.
    Case("day-that-is-none", "birth", "era_date", "昭和50年2月30日", member, put("birth", b"3500230")),
    Case("after-showa", "birth", "era_date", "昭和65年1月1日。期間外", member, put("birth", b"3650101")),
    Case("after-heisei", "birth", "era_date", "平成31年5月1日。期間外", member, put("birth", b"4310501")),
    Case("month-13", "birth", "era_date", "昭和50年13月1日", member, put("birth", b"3501301")),
    Case("era-7", "birth", "era_date", "年号7はない", member, put("birth", b"7500101")),
    Case("day-00", "birth", "ok", f"birth_date=1945-03-00 {UNKNOWN}", elder, born(b"3200300")),
    Case("month-00", "birth", "ok", f"birth_date=1945-00-00 {UNKNOWN}", elder, born(b"3200000")),
    Case("parts-99", "birth", "ok", f"birth_date=1945-00-00 {UNKNOWN}", elder, born(b"3209999")),
    Case("blank-parts", "birth", "ok", f"birth_date=1945-00-00 {UNKNOWN}", elder, born(b"320    ")),
    Case("blank-day", "birth", "ok", f"birth_date=1945-03-00 {UNKNOWN}", elder, born(b"32003  ")),
    Case("era-alone", "birth", "ok", f"birth_date=0000-00-00 birth_era=03 {UNKNOWN}", elder,
         born(b"3999999")),
    Case("nothing-known", "birth", "ok", f"birth_date=0000-00-00 {UNKNOWN}", elder,
         born(b"0000000")),
    Case("lunar", "birth", "ok", f"birth_date=1870-00-00 birth_era=01 {UNKNOWN}", dead,
         removed_at_150),
    Case("overlap-meiji", "birth", "ok", "birth_date=1912-07-30 birth_era=01", dead,
         born(b"1450730")),
    Case("overlap-taisho", "birth", "ok", "birth_date=1912-07-30 birth_era=02", dead,
         born(b"2010730")),
    Case("overlap-taisho-end", "birth", "ok", "birth_date=1926-12-25 birth_era=02", dead,
         born(b"2151225")),
    Case("overlap-showa", "birth", "ok", "birth_date=1926-12-25 birth_era=03", dead,
         born(b"3011225")),
    # Codes, numbers, keys.
    Case("grandchild", "rel_1", "code", "旧続柄51「孫」は変換表にない", member,
         put("rel", b"51      ")),
    Case("sex-3", "sex", "code", "性別3は変換表にない", member, put("sex", b"3")),
    Case("no-name", "name", "missing", "氏名が空白", member, put("name", b"")),
    Case("wrong-jumin-code", "jumin_code", "jumin_code", "検査数字が合わない", member,
         wrong_digit("jumin_code")),
    # Passing with an alert.
    Case("gaiji", "name", "unregistered_gaiji", "F040 の外字。どの字か分からない", alone,
         with_gaiji),
    Case("no-gap", "name", "before_space", "氏と名の間に空白がない", member, without_gap),
    Case("old-atena-no", "atena_no", "atena_no", "昭和期の付番で検査数字が合わない", member,
         wrong_digit("atena_no")),
    # Looking wrong, and right.
    Case("negative", "overpaid", "ok", "overpaid=-1234", member, put("overpaid", b"00123M")),
    Case("both-blanks", "name", "ok", "name=表　十四郎", member, both_blanks),
    Case("trail-byte-5c", "town", "ok", "addr_town=表ソ能町", in_first_town, nothing),
    Case("ibm-extension", "name", "ok", "name=髙﨑　能成 family_name=髙﨑", alone,
         called(cp932("髙﨑　能成"), "ﾀｶｻｷ ﾖｼﾅﾘ".encode("cp932"), cp932("髙﨑　藤蔵"))),
    Case("nec-row-13", "katagaki", "ok", "addr_katagaki=㈱浅間寮①", alone,
         put("katagaki", cp932("㈱浅間寮①"))),
    Case("optional-blank", "notified", "ok", "notified_date= alias= addr_katagaki= prev_town=", alone,
         blank_optional),
    Case("unknown-sex", "sex", "ok", "sex=0 sex_text=", member, put("sex", b"0")),
    Case("outsider-1", "resident_class", "ok", "住登外者。どちらのマッピングも対象外とする", alone, outsider),
    Case("outsider-2", "resident_class", "ok", "住登外者。どちらのマッピングも対象外とする", alone, outsider),
]  # fmt: skip


class Listed(NamedTuple):
    """A line of cases.csv."""

    record: int
    case: str
    field: str
    expected: str
    note: str


@dataclass
class Damaged:
    """The lines between header and trailer, what is in them, and what the trailer must say."""

    tax: int = 0
    lines: list[bytes] = field(default_factory=list)
    cases: list[Listed] = field(default_factory=list)

    def add(self, line: bytes, case: Case | None = None) -> None:
        """One more record as a reader sees it; the header was record 1."""
        self.lines.append(line)
        if case:
            self.cases.append(Listed(len(self.lines) + 1, case.name, *case[1:4]))


def damaged(records: Sequence[Record], places: Mapping[str, Place]) -> Damaged:
    """Let every case happen once; rejected records owe no tax, so that any reader's sum agrees.

    Two records run together and one comes twice: a reader sees as many records as there were.
    """
    views = [View(record, places) for record in records]
    at = chosen(views)
    out, skip = Damaged(), False
    for number, view in enumerate(views):
        case = at.get(number)
        if skip:
            skip = False
            continue
        if case:
            case.change(view)
            if case.expected not in PASSING:
                view["last_year_tax"] = b"00000000"
        out.tax += int(view["last_year_tax"])
        line = bytes(view.record) + b"\r\n"
        if case is RUN_TOGETHER:
            views[number + 1]["last_year_tax"] = b"00000000"
            out.add(bytes(view.record) + bytes(views[number + 1].record) + b"\r\n", case)
            skip = True
        elif case is TOO_SHORT:
            cut = places["prev_addr"].at
            out.add(line[:cut] + line[cut + 1 :], case)
        elif case is TOO_LONG:
            cut = places["katagaki"].at
            out.add(line[:cut] + b"   " + line[cut:], case)
        elif case is TWICE:
            out.add(line)
            out.add(line, case)
        elif case is STRANGER:
            out.add(line)
            out.add(b"5" + line[1:], case)
        else:
            out.add(line, case)
    return out


WRONG = "wrong_length"
TOO_SHORT = Case("too-short", "", WRONG, "1バイト短い", member, nothing)
TOO_LONG = Case("too-long", "", WRONG, "3バイト長い", member, nothing)
RUN_TOGETHER = Case("run-together", "", WRONG, "改行が抜け、2レコードがつながった", member, nothing)
STRANGER = Case("record-type-5", "record_type", "unknown_record",
                "設計書にないレコード区分5。トレーラの件数に入らない", member, nothing)  # fmt: skip
TWICE = Case("comes-twice", "atena_no person_hist_no", "repeated_key",
             "直前のレコードと同じものがもう一度ある", member, nothing)  # fmt: skip
FRAMING = [TOO_SHORT, TOO_LONG, STRANGER, TWICE]


def chosen(views: Sequence[View]) -> dict[int, Case]:
    """Which record each case happens to: the rarest people first, spread over the file."""
    taken: dict[int, Case] = {}
    neighbours = [n for n in range(len(views) - 1) if member(views[n]) and member(views[n + 1])]
    first = spread(neighbours, 1, RUN_TOGETHER.name)[0]
    taken[first] = taken[first + 1] = RUN_TOGETHER
    for who in (dead, in_first_town, elder, alone, member):
        wanted = [c for c in [*CASES, *FRAMING] if c.who is who]
        free = [n for n, view in enumerate(views) if n not in taken and who(view)]
        places = spread(free, len(wanted), ", ".join(c.name for c in wanted))
        taken.update(zip(places, wanted, strict=True))
    return taken


def spread(numbers: Sequence[int], wanted: int, names: str) -> list[int]:
    """Some of the numbers, from all over."""
    if len(numbers) < wanted:
        raise SystemExit(f"too few records for {names}: ask for more --records, or another --seed")
    return [numbers[k * len(numbers) // wanted] for k in range(wanted)]


def write_cases(path: Path, cases: Iterable[Listed]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Listed._fields)
        writer.writerows(cases)
