"""Which character of JIS may stand for one outside it: `load(roots, ["MJShrinkMap.1.2.0.json"])`.

No map is shipped: MJ縮退マップ and the list of MJ characters are CC BY-SA 2.1 JP, and which of several characters
is meant is for the city to say.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field as Setting

from migrate.catalog.files import Roots, insist, rows, shown
from migrate.errors import KnowledgeError, Problem
from migrate.language import say
from migrate.model import Noun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Found = dict[str, tuple[str, ...]]

FOLDER = "layouts/characters"
NTA = "国税庁"
BASES = ("決定", "戸籍通達", "告示582", "JIS包摂", NTA, "辞書", "類推")
"""Grounds for writing one character for another, the best first. 決定: the city has said so itself."""

_MJ = {
    "法務省戸籍法関連通達・通知": "戸籍通達",
    "法務省告示582号別表第四": "告示582",
    "JIS包摂規準・UCS統合規則": "JIS包摂",
    "JIS包摂・UCS統合": "JIS包摂",
    "辞書類等による関連字": "辞書",
    "読み・字形による類推": "類推",
}
"""What MJShrinkMap calls the bases."""
_OTHER_CHARACTER = "別字"
"""民一2842号通達 says of a candidate: not a form of this character but another one."""

_GLYPH = "MJ文字図形名"
_UCS, _SEQUENCES = "実装したUCS", ("実装したMoji_JohoコレクションIVS", "実装したSVS")

SELECTOR = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
UNIT = re.compile(f"(?s:.)(?:{SELECTOR}|\u309a)*")
"""A character with its variation selector, or か゚, which JIS X 0213 counts as one."""


@dataclass(frozen=True)
class Shrinks:
    """One source of candidates: a file, or an installed package."""

    name: str
    version: str
    files: dict[str, str]  # SHA-256 by name
    find: Callable[[str], Found]


@dataclass(frozen=True)
class ShrinkMap:
    """Everything that is known about standing in for characters."""

    sources: tuple[Shrinks, ...]

    def candidates(self, unit: str) -> Found:
        """What may stand for a character, by basis, the best basis first.

        >>> one = Shrinks("m", "", {}, {"髙": {"類推": ("亮",), "JIS包摂": ("高",)}}.get)
        >>> ShrinkMap((one,)).candidates("髙")
        {'JIS包摂': ('高',), '類推': ('亮',)}
        >>> ShrinkMap((one,)).candidates("高")
        {}
        """
        merged: dict[str, dict[str, None]] = {}
        for source in self.sources:
            for basis, found in (source.find(unit) or {}).items():
                merged.setdefault(basis, {}).update(dict.fromkeys(found))
        return {b: tuple(merged[b]) for b in BASES if b in merged}

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What run.json says of it."""
        return [{"name": s.name, "version": s.version, "sha256": s.files} for s in self.sources]


def codes(text: str) -> str:
    """The code points of a text, as issues show them: never the value that they stand in.

    >>> codes("髙"), codes("辻\\U000e0100")
    ('U+9AD9', 'U+8FBB U+E0100')
    """
    return " ".join(f"U+{ord(c):04X}" for c in text)


def load(roots: Roots, names: Sequence[str] = ()) -> ShrinkMap | None:
    """The maps of these names (a file, `jntajis` or `jntajis-nta`), else the MJShrinkMap*.json of the user's
    layouts/characters/; the city's own decisions in its shrink.csv lie over them. None: there is nothing."""
    own = [root / FOLDER for root in roots.folders]
    files = [path for folder in own for path in sorted(folder.glob("MJShrinkMap*.json"))]
    decisions = [path for folder in own if (path := folder / "shrink.csv").exists()]
    sources = [_source(n) for n in names] if names else [_source(str(p)) for p in files[:1]]
    sources = [_csv(p, "shrink.csv") for p in decisions[:1]] + sources
    return ShrinkMap(tuple(sources)) if sources else None


def absent(place: Path) -> KnowledgeError:
    """A set of characters is asked for and no map says what may stand for those outside it."""
    return KnowledgeError(
        Problem(
            shown(place),
            "characters",
            say("縮退の対応表がありません", "there is no map of characters to shrink by"),
            say(
                f"--shrink-map で MJ縮退マップ（MJShrinkMap.1.2.0.json、https://moji.or.jp/mojikiban/map/ で公開）と、同じフォルダに MJ文字情報一覧表（https://moji.or.jp/mojikiban/mjlist/ を mji.csv に保存）を示すか、{FOLDER}/ に置く。または --shrink-map jntajis、from,to,basis の CSV",
                f"name the public MJShrinkMap (MJShrinkMap.1.2.0.json, https://moji.or.jp/mojikiban/map/) with --shrink-map, the list of MJ characters (https://moji.or.jp/mojikiban/mjlist/, saved as mji.csv) beside it, or put both into {FOLDER}/; or --shrink-map jntajis, or a CSV of from,to,basis",
            ),
        )
    )


def _source(name: str) -> Shrinks:
    if name in ("jntajis", "jntajis-nta"):
        return _jntajis(name)
    path = Path(name)
    return _json(path) if path.suffix.lower() == ".json" else _csv(path, path.name)


class _Pair(Noun):
    """One row of a CSV; characters as they are or as U+9AD9 (an IVS: U+8FBB U+E0100)."""

    from_: str = Setting(alias="from")
    to: str
    basis: Literal["決定", "戸籍通達", "告示582", "JIS包摂", "国税庁", "辞書", "類推"] = "決定"
    note: str = ""


def _csv(path: Path, name: str) -> Shrinks:
    found: dict[str, dict[str, list[str]]] = {}
    problems = []
    for line, pair in enumerate(rows(path, _Pair), 2):
        given, made = _spelled(pair.from_), _spelled(pair.to)
        if not UNIT.fullmatch(given) or given == made:
            problems.append(
                Problem(
                    shown(path),
                    say(f"{line} 行目", f"line {line}"),
                    say("from は1文字、to はそれと別の字", "from is one character, to another one"),
                    say("直す", "mend it"),
                )
            )
        _add(found, given, pair.basis, [made])
    insist(problems)
    return Shrinks(name, "", {path.name: _sha256(path)}, _finder(found))


def _json(path: Path) -> Shrinks:
    """MJ縮退マップ as it is published. It names glyphs; the list beside it says which characters they are."""
    lists = sorted(p for p in path.parent.glob("mji*") if p.suffix.lower() in (".csv", ".tsv"))
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
        content, meta = whole["content"], whole.get("meta", {})
        entries = [(str(entry[_GLYPH]), list(_listed(entry))) for entry in content]
    except FileNotFoundError:
        raise _wrong(
            path, say("ファイルがありません", "no such file"), say("名前を直す", "mend its name")
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _wrong(
            path,
            say("MJ縮退マップの形をしていません", "is not of the form of MJShrinkMap"),
            say("公開されている JSON をそのまま使う", "use the JSON as it is published"),
        ) from None
    if not lists:
        raise _wrong(
            path,
            say(
                "同じフォルダに MJ文字情報一覧表がありません", "no list of MJ characters beside it"
            ),
            say(
                "https://moji.or.jp/mojikiban/mjlist/ の一覧表を UTF-8 の mji.csv として同じフォルダに保存する",
                "save the list of https://moji.or.jp/mojikiban/mjlist/ beside it as mji.csv, in UTF-8",
            ),
        )
    units = _units(lists[0])
    found: dict[str, dict[str, list[str]]] = {}
    for glyph, listed in entries:
        for unit in units.get(glyph, ()):
            for basis, made in listed:
                if made != unit:
                    _add(found, unit, basis, [made])
    files = {p.name: _sha256(p) for p in (path, lists[0])}
    return Shrinks(path.name, str(meta.get("owl:versionInfo", "")), files, _finder(found))


def _listed(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The candidates of one glyph with their bases, without those that are said to be other characters."""
    named = [
        (_MJ[key], str(one["UCS"]), one) for key in entry if key in _MJ for one in entry[key] or ()
    ]
    others = {ucs for _, ucs, one in named if one.get("付記") == _OTHER_CHARACTER}
    for basis, ucs, _ in named:
        if ucs not in others:
            yield basis, chr(int(ucs.removeprefix("U+"), 16))


def _units(path: Path) -> dict[str, list[str]]:
    """The characters and variation sequences that a glyph is, by its name. What it merely corresponds to is
    another glyph's."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = "\t" if "\t" in file.readline() else ","
            file.seek(0)
            reader = csv.DictReader(file, delimiter=delimiter)
            missing = {_GLYPH, _UCS, *_SEQUENCES} - {*(reader.fieldnames or ())}
            if missing:
                raise _wrong(
                    path,
                    say(f"列 {', '.join(sorted(missing))} がありません",
                        f"has no column {', '.join(sorted(missing))}"),
                    say("一覧表の見出し行をそのまま残す", "keep the header line as it is published"),
                )  # fmt: skip
            units = {}
            for row in reader:
                sequences = ";".join(filter(None, (row[_UCS], *(row[s] for s in _SEQUENCES))))
                units[row[_GLYPH]] = [
                    "".join(
                        chr(int(part.strip().removeprefix("U+"), 16)) for part in one.split("_")
                    )
                    for one in sequences.split(";")
                    if one.strip()
                ]
    except (UnicodeDecodeError, ValueError, csv.Error):
        raise _wrong(
            path,
            say("MJ文字情報一覧表として読めません", "cannot be read as the list of MJ characters"),
            say("UTF-8 の CSV で保存する", "save it as CSV in UTF-8"),
        ) from None
    return units


_SCHEMES = {3: "戸籍通達", 2: "告示582", 0: "JIS包摂", 1: "類推"}
"""The bases that jntajis holds of MJ縮退マップ, by the number of their scheme: 辞書 is not among them."""


def _jntajis(name: str) -> Shrinks:
    """The tables of the package jntajis-python: MJ縮退マップ, or the one of 国税庁."""
    try:
        from importlib.metadata import version

        import jntajis
    except ImportError:
        raise _wrong(
            Path(name),
            say("パッケージ jntajis-python がありません", "the package jntajis-python is not here"),
            say("pip install 'chukan-migrate[characters]'", "pip install 'chukan-migrate[characters]'"),
        ) from None  # fmt: skip

    def mj(unit: str) -> Found:
        made = {b: jntajis.mj_shrink_candidates(unit, 1 << n) for n, b in _SCHEMES.items()}
        return {
            b: tuple(c for c in found if c != unit) for b, found in made.items() if found != [unit]
        }

    def nta(unit: str) -> Found:
        made = jntajis.jnta_shrink_translit(unit, passthrough=True)
        return {NTA: (made,)} if made != unit else {}

    inside = [
        p for p in Path(jntajis.__file__).parent.glob("_jntajis*") if p.suffix in (".so", ".pyd")
    ]
    files = {p.name: _sha256(p) for p in inside}
    return Shrinks(name, version("jntajis-python"), files, nta if name.endswith("nta") else mj)


def _add(
    found: dict[str, dict[str, list[str]]], unit: str, basis: str, made: Iterable[str]
) -> None:
    found.setdefault(unit, {}).setdefault(basis, []).extend(made)


def _finder(found: dict[str, dict[str, list[str]]]) -> Callable[[str], Found]:
    fixed = {u: {b: tuple(dict.fromkeys(c)) for b, c in one.items()} for u, one in found.items()}
    return lambda unit: fixed.get(unit, {})


def _spelled(text: str) -> str:
    if re.fullmatch(r"U\+[0-9A-Fa-f]{4,6}( U\+[0-9A-Fa-f]{4,6})*", text):
        return "".join(chr(int(one[2:], 16)) for one in text.split())
    return text


def _wrong(path: Path, cause: str, remedy: str) -> KnowledgeError:
    return KnowledgeError(Problem(shown(path), "", cause, remedy))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
