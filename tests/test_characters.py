"""The characters of written files: what is replaced, what is not, and that nobody is left in the dark."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from migrate import Catalog, KnowledgeError
from migrate.catalog.notices import notices
from migrate.catalog.shrinks import BASES, codes
from migrate.catalog.twins import twins
from migrate.convert.characters import NO_SHRINK, SHRUNK, Characters, repertoire
from migrate.frames import ISSUES, OFFSET, ORIGINAL, RECORD
from migrate.model import Column, Table
from migrate.read.encodings import TWINS

ROOT = Path(__file__).resolve().parents[1]
KOSEKI, NOTICE, JIS = "法務省戸籍法関連通達・通知", "法務省告示582号別表第四", "JIS包摂規準・UCS統合規則"
DICTIONARY, ANALOGY = "辞書類等による関連字", "読み・字形による類推"


def _to(*characters, **more):
    return [{"JIS X 0213": "1-01-01", "UCS": codes(c), **more} for c in characters]


# A map in the published shape, with invented glyph names: it says less than the real one, and in places otherwise.
GLYPHS = {
    "MJ900001": ("髙", "", {JIS: _to("高"), KOSEKI: _to("高", 種別="戸籍統一文字情報 親字・正字", ホップ数=1)}),
    "MJ900002": ("﨑", "", {KOSEKI: _to("崎"), ANALOGY: _to("埼")}),
    "MJ900003": ("邉", "", {KOSEKI: _to("辺", "邊")}),
    "MJ900004": ("栁", "", {KOSEKI: _to("柳")}),
    "MJ900005": ("濵", "", {KOSEKI: _to("浜"), DICTIONARY: _to("濱", "浜")}),
    "MJ900006": ("德", "", {NOTICE: _to("徳", 表="一", 順位="第1順位")}),
    "MJ900007": ("𠮷", "", {JIS: _to("吉")}),
    "MJ900008": ("𨕙", "", {KOSEKI: _to("辺", "邊")}),
    "MJ900009": ("𠀋", "", {KOSEKI: [*_to("丈"), *_to("杖", 付記="別字")], ANALOGY: _to("杖")}),
    "MJ900010": ("", "8FBB_E0103;8FBB_E0104", {KOSEKI: _to("辻")}),
    "MJ900011": ("", "2000B_E0101", {KOSEKI: _to("仗")}),
    "MJ900012": ("\ufa19", "", {JIS: _to("神")}),
    "MJ900013": ("㐂", "", {DICTIONARY: _to("喜"), ANALOGY: _to("七")}),
    "MJ900014": ("𠀀", "", {}),
}


def _published(folder):
    """The map as a JSON file, with the list of glyphs beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    content = [{"MJ文字図形名": glyph, **listed} for glyph, (_, _, listed) in GLYPHS.items()]
    meta = {"dct:title": {"ja": "試験用"}, "owl:versionInfo": "0.0.1"}
    path = folder / "MJShrinkMap.json"
    path.write_text(json.dumps({"meta": meta, "content": content}, ensure_ascii=False), "utf-8")
    with (folder / "mji.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["MJ文字図形名", "対応するUCS", "実装したUCS", "実装したMoji_JohoコレクションIVS", "実装したSVS"])
        for glyph, (character, sequences, _) in GLYPHS.items():
            ucs = codes(character)
            out.writerow([glyph, ucs or "U+" + sequences.partition("_")[0], ucs, sequences, ""])
    return path


def _plain(folder):
    """The same as a CSV of from, to, basis."""
    named = {KOSEKI: "戸籍通達", NOTICE: "告示582", JIS: "JIS包摂", DICTIONARY: "辞書", ANALOGY: "類推"}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "map.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["from", "to", "basis", "note"])
        for character, sequences, listed in GLYPHS.values():
            units = [codes(character)] if character else [
                " ".join("U+" + part for part in one.split("_")) for one in sequences.split(";")
            ]  # fmt: skip
            for unit in units:
                for basis, found in listed.items():
                    out.writerows([unit, one["UCS"], named[basis], ""] for one in found if one["UCS"] != codes("杖"))
    return path


@pytest.fixture(scope="module", params=["json", "csv"])
def shrinks(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    path = _published(folder) if request.param == "json" else _plain(folder)
    return Catalog(folder).shrinks([str(path)])


TABLE = Table(
    id="9901", name="people", title="t", area="99_test", path=Path("people.csv"),
    columns=(
        Column(name="no", label="番号", type="X", length="5", required="yes", key=True, source="G"),
        Column(name="name", label="氏名", type="N", length="20", gaiji=True, sensitive=True, source="G"),
        Column(name="address", label="住所", type="N", length="20", gaiji=True, source="G"),
    ),
)  # fmt: skip


def _rows(*names, address=None):
    count = len(names)
    return pl.DataFrame(
        {RECORD: range(1, count + 1), OFFSET: [i * 10 for i in range(count)], "no": [str(i) for i in range(count)],
         "name": names, "address": [address] * count},
        schema={RECORD: pl.UInt64, OFFSET: pl.UInt64, "no": pl.String, "name": pl.String, "address": pl.String},
    )  # fmt: skip


CASES = [  # value, policy, what is written, what is said
    ("N01", "髙橋", "jisx0213", "高橋", [(SHRUNK, "U+9AD9 > U+9AD8")]),
    ("N01", "髙橋", "jisx0208", "高橋", [(SHRUNK, "U+9AD9 > U+9AD8")]),
    ("N02: within JIS X 0213", "宮﨑", "jisx0213", "宮﨑", []),
    ("N02: never 埼", "宮﨑", "jisx0208", "宮崎", [(SHRUNK, "U+FA11 > U+5D0E")]),
    ("N03: within both sets, so nothing is asked", "渡邉", "jisx0208", "渡邉", []),
    ("N03: several candidates are a question", "渡𨕙", "jisx0208", "渡𨕙", [(NO_SHRINK, "U+28559 > U+8FBA | U+908A")]),
    ("N04", "栁", "jisx0208", "柳", [(SHRUNK, "U+6801 > U+67F3")]),
    ("N04: the best basis alone counts", "濵", "jisx0208", "浜", [(SHRUNK, "U+6FF5 > U+6D5C")]),
    ("N04", "德", "jisx0208", "徳", [(SHRUNK, "U+5FB7 > U+5FB3")]),
    ("N04", "德", "jisx0213", "德", []),
    ("N04", "𠮷", "jisx0213", "吉", [(SHRUNK, "U+20BB7 > U+5409")]),
    ("N05: no normalisation", "\ufa19", "jisx0213", "\ufa19", []),
    ("N05: by the map alone", "\ufa19", "jisx0208", "神", [(SHRUNK, "U+FA19 > U+795E")]),
    ("N06: the selector goes", "辻\U000e0103", "jisx0213", "辻", [(SHRUNK, "U+8FBB U+E0103 > U+8FBB")]),
    ("N06: and with it of a sequence nobody knows", "辻\U000e01ef", "jisx0208", "辻", [(SHRUNK, "U+8FBB U+E01EF > U+8FBB")]),
    ("a sequence has candidates of its own", "𠀋\U000e0101", "jisx0208", "仗", [(SHRUNK, "U+2000B U+E0101 > U+4ED7")]),
    ("N07: kana stay half-width, half-width stays", "ｵｵﾄﾞｵﾘA1", "jisx0208", "ｵｵﾄﾞｵﾘA1", []),
    ("N08: a letter that JIS does not have", "𠀀田", "jisx0213", "𠀀田", [(NO_SHRINK, "U+20000 >")]),
    ("別字 is no candidate", "𠀋", "jisx0208", "丈", [(SHRUNK, "U+2000B > U+4E08")]),
    ("a dictionary before analogy", "㐂", "jisx0208", "喜", [(SHRUNK, "U+3402 > U+559C")]),
    ("a private character is nobody's", "\ue000田", "jisx0213", "\ue000田", [(NO_SHRINK, "U+E000 >")]),
    ("all of a value or nothing", "髙𠀀", "jisx0208", "髙𠀀", [(NO_SHRINK, "U+20000 >")]),
    ("once for a value", "髙髙﨑", "jisx0208", "高高崎", [(SHRUNK, "U+9AD9 > U+9AD8"), (SHRUNK, "U+FA11 > U+5D0E")]),
    ("か゚ is one character of JIS X 0213", "か゚", "jisx0213", "か゚", []),
    ("and none of JIS X 0208", "か゚", "jisx0208", "か゚", [(NO_SHRINK, "U+304B U+309A >")]),
    ("a decomposed letter is not put together", "か\u3099", "jisx0213", "か\u3099", [(NO_SHRINK, "U+3099 >")]),
    ("a number in a circle", "①", "jisx0213", "①", []),
    ("twins become the one that the set has", "１－２～３￠", "jisx0208", "１−２〜３¢", []),
    ("what the set has stays", "１－２～３￠", "jisx0213", "１－２～３¢", []),
    ("the dash, as codecs have it", "—―", "jisx0208", "――", []),
    ("a stuck value keeps its twins", "－𠀀", "jisx0208", "－𠀀", [(NO_SHRINK, "U+20000 >")]),
    ("a newline is two characters", "高\\n橋", "jisx0208", "高\\n橋", []),
]  # fmt: skip



@pytest.mark.parametrize(("value", "policy", "written", "said"), [c[1:] for c in CASES], ids=[f"{c[0]} {c[2]}" for c in CASES])
def test_a_value_in_the_characters_of_a_policy(shrinks, value, policy, written, said):
    rows, issues = Characters(TABLE, policy, shrinks).settle(_rows("山田", value, None))
    assert rows["name"].to_list() == ["山田", written, None]
    assert list(issues.select("code", "value").iter_rows()) == said
    assert issues.schema == ISSUES
    assert set(issues["record"]) <= {2}
    assert set(issues["severity"]) <= {"alert"}
    before = rows[f"{ORIGINAL}name"].to_list() if f"{ORIGINAL}name" in rows.columns else [None] * 3
    assert before == [None, value if any(code == SHRUNK for code, _ in said) else None, None]


@pytest.mark.parametrize("policy", ["jisx0208", "jisx0213"])
def test_what_is_written_without_a_question_is_of_the_set(shrinks, policy):
    values = [c[1] for c in CASES]
    rows, issues = Characters(TABLE, policy, shrinks).settle(_rows(*values))
    stuck = set(issues.filter(code=NO_SHRINK)["record"])
    codec = {"jisx0208": "shift_jis", "jisx0213": "euc_jis_2004"}[policy]
    for number, text in enumerate(rows["name"], 1):
        assert repertoire(policy).holds(text) == (number not in stuck)
        if number not in stuck:
            assert text.encode(codec).decode(codec) == text


@pytest.mark.parametrize(("policy", "codec"), [("jisx0208", "shift_jis"), ("jisx0213", "euc_jis_2004")])
def test_a_set_is_what_the_codec_gives_back(policy, codec):
    def there_and_back(character):
        try:
            return character.encode(codec).decode(codec) == character
        except UnicodeError:
            return False

    kinds = repertoire(policy).kinds
    points = [p for p in range(0x20, 0x30000) if not 0xD800 <= p < 0xE000 and p != 0x7F and not 0x80 <= p < 0xA0]
    assert [hex(p) for p in points if (kinds[p] == 0) != there_and_back(chr(p))] == []


def test_every_replacement_is_counted_once_and_every_original_kept(shrinks):
    values = ["髙﨑", "山田", "髙﨑", None, "髙", "𠀀"]
    rows, issues = Characters(TABLE, "jisx0208", shrinks).settle(_rows(*values, address="﨑－１"))
    told = issues.filter(code=SHRUNK, item="name").group_by("record").len().sort("record")
    assert list(told.iter_rows()) == [(1, 2), (3, 2), (5, 1)]
    assert rows[f"{ORIGINAL}name"].to_list() == ["髙﨑", None, "髙﨑", None, "髙", None]
    assert rows[f"{ORIGINAL}address"].to_list() == ["﨑－１"] * 6
    assert rows["address"].to_list() == ["崎−１"] * 6


def test_twins_are_counted_where_they_were_rewritten(shrinks):
    one = Characters(TABLE, "jisx0208", shrinks)
    one.settle(_rows("～", "～～", "〜", "～𠀀", "～髙", address="－"))
    assert one.twins == 8


def test_keys_codes_and_numbers_are_left_alone(shrinks):
    assert Characters(TABLE, "jisx0208", shrinks).columns == ["name", "address"]


# ---- the twins ----


def test_the_table_of_twins_says_what_the_profiles_read():
    assert {t.microsoft: t.jis for t in twins() if t.profiles} == TWINS


@pytest.mark.parametrize("twin", twins(), ids=lambda t: t.microsoft_code)
def test_a_row_of_the_table_of_twins_is_true(twin):
    from unicodedata import name

    assert (codes(twin.microsoft), codes(twin.jis)) == (twin.microsoft_code, twin.jis_code)
    assert (name(twin.microsoft), name(twin.jis)) == (twin.microsoft_name, twin.jis_name)
    for policy in ("jisx0208", "jisx0213"):
        holds = repertoire(policy).holds
        has = (holds(twin.microsoft), holds(twin.jis))
        assert has == {"jis": (False, True), "microsoft": (True, False), "both": (True, True), "": (False, False)}[getattr(twin, policy)]


def test_nothing_that_is_written_is_normalised():
    """Texts are folded where the claimed totals of a city are compared, classed in the gaiji report, measured for a screen."""
    using = [p.relative_to(ROOT / "migrate").as_posix() for p in sorted((ROOT / "migrate").rglob("*.py"))
             if "catalog" not in p.parts and re.search(r"unicodedata|NFK?[CD]\"", p.read_text("utf-8"))]  # fmt: skip
    assert using == ["inventory/characters.py", "report/columns.py", "totals/claimed.py"]


# ---- the map ----


def test_candidates_come_by_basis_the_best_first(shrinks):
    found = shrinks.candidates("濵")
    assert found == {"戸籍通達": ("浜",), "辞書": ("濱", "浜")}
    assert list(found) == sorted(found, key=BASES.index)
    assert shrinks.candidates("邉") == {"戸籍通達": ("辺", "邊")}
    assert shrinks.candidates("歯") == {}


def test_the_citys_own_decisions_lie_over_the_map(tmp_path):
    _published(tmp_path / "layouts/characters")
    (tmp_path / "layouts/characters/shrink.csv").write_text("from,to,note\n𨕙,邊,minutes no. 7\n\ue000,高,\n", "utf-8")
    shrinks = Catalog(tmp_path).shrinks()
    assert [s.name for s in shrinks.sources] == ["shrink.csv", "MJShrinkMap.json"]
    one = Characters(TABLE, "jisx0208", shrinks)
    assert [one.settled(v).text for v in ("𨕙", "\ue000", "髙")] == ["邊", "高", "高"]


def test_the_manifest_facts_name_version_and_hash(tmp_path):
    (fact,) = Catalog(tmp_path).shrinks([str(_published(tmp_path))]).facts
    assert (fact["name"], fact["version"], sorted(fact["sha256"])) == ("MJShrinkMap.json", "0.0.1", ["MJShrinkMap.json", "mji.csv"])
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in fact["sha256"].values())


@pytest.mark.parametrize(
    ("files", "name", "cause"),
    [
        ({}, "absent.json", "no such file"),
        ({}, "absent.csv", "no such file"),
        ({"m.json": "[]"}, "m.json", "not of the form of MJShrinkMap"),
        ({"m.json": '{"content": [{"x": 1}]}'}, "m.json", "not of the form of MJShrinkMap"),
        ({"m.json": "{"}, "m.json", "not of the form of MJShrinkMap"),
        ({"m.json": '{"content": []}'}, "m.json", "https://moji.or.jp/mojikiban/mjlist/"),
        ({"m.json": '{"content": []}', "mji.csv": "MJ文字図形名\n"}, "m.json", "has no column"),
        ({"m.csv": "from,to\n髙,髙\n"}, "m.csv", "line 2: from is one character"),
        ({"m.csv": "from,to\n髙橋,高橋\n"}, "m.csv", "line 2: from is one character"),
        ({"m.csv": "from,to,basis\n髙,高,guess\n"}, "m.csv", "mend the value"),
        ({"m.csv": "from,into\n髙,高\n"}, "m.csv", "'into'"),
    ],
)  # fmt: skip
def test_a_wrong_map_is_refused_with_its_cause(tmp_path, files, name, cause):
    for file, text in files.items():
        (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(KnowledgeError, match=re.escape(cause)):
        Catalog(tmp_path).shrinks([str(tmp_path / name)])


def test_without_a_map_the_error_says_where_the_public_file_is(convert, records):
    with pytest.raises(KnowledgeError, match=re.escape("https://moji.or.jp/mojikiban/map/")):
        convert(b"".join(records[:5]), part=True, characters="jisx0208")


def test_a_package_that_is_not_installed_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jntajis", None)
    with pytest.raises(KnowledgeError, match=r"chukan-migrate\[characters\]"):
        Catalog(tmp_path).shrinks(["jntajis"])


# ---- the whole run ----


@pytest.fixture
def written(convert, records, tmp_path):
    """Part of the sample under a policy: the report, the folder, and its rows by table."""
    shrinks = Catalog(tmp_path).shrinks([str(_published(tmp_path / "map"))])

    def go(policy, **options):
        return convert(b"".join(records[:400]), name=f"{policy}{options}", part=True, characters=policy, shrinks=shrinks, **options)

    return go


def _csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _table(into, ending=".csv"):
    return _csv(next(p for p in into.glob(f"*_juki_resident_*{ending}") if p.name.count(".") == ending.count(".")))


def test_the_originals_put_back_give_the_file_as_it_was(written, mappings):
    columns = list(mappings[0].table.by_name)
    keys = [columns.index(k) for k in mappings[0].table.keys]
    _, as_it_is = written("mj")
    report, into = written("jisx0208")
    shrunk, whole = _table(into), _table(as_it_is)
    originals = {(*line[: len(keys)], line[-3]): line[-1] for line in _table(into, ".originals.csv")}
    assert len(originals) > 30
    backwards = str.maketrans({t.jis: t.microsoft for t in twins() if t.profiles})
    back = [
        [originals.pop((*(row[k] for k in keys), c), v.translate(backwards)) for c, v in zip(columns, row, strict=True)]
        for row in shrunk
    ]
    assert back == whole
    assert originals == {}
    assert report.exit_code == 4


@pytest.mark.parametrize("policy", ["jisx0213", "jisx0208"])
def test_the_books_balance_and_nothing_else_changes(written, policy):
    plain, as_it_is = written("mj")
    report, into = written(policy)
    assert all(books.balance for books in report.books.values())
    assert report.books == plain.books
    mine = {k: n for k, n in report.issues.items() if k[2] not in (SHRUNK, NO_SHRINK)}
    assert mine == dict(plain.issues)
    assert [p.name for p in as_it_is.glob("*.originals.csv")] == []
    names = set(json.loads((into / "run.json").read_text("utf-8"))["files"])
    assert {p.name for p in into.glob("*.originals.csv")} <= names
    assert len(list(into.glob("*.originals.csv"))) == 2


def test_issues_show_code_points_and_never_a_value(written):
    _, into = written("jisx0208")
    with (into / "issues.csv").open(encoding="utf-8", newline="") as file:
        mine = [i for i in csv.DictReader(file) if i["code"][2:] in {notices()[c].id for c in (SHRUNK, NO_SHRINK)}]
    assert len(mine) > 30
    assert [i for i in mine if not re.fullmatch(r"U\+[0-9A-F]{4,6} >( U\+[0-9A-F]{4,6}( \|)?)*", i["value"])] == []


@pytest.mark.parametrize("batch", [1, 7, 100])
def test_batch_size_never_shows(written, batch):
    def files(folder):
        return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != ".lock"}

    assert files(written("jisx0208", batch=batch)[1]) == files(written("jisx0208")[1])


def test_the_manifest_records_policy_map_and_twins(written):
    facts = json.loads((written("jisx0208")[1] / "run.json").read_text("utf-8"))["characters"]
    assert facts["policy"] == {"juki_resident": "jisx0208", "juki_household": "jisx0208"}
    assert facts["twins"]["juki_resident"] > 10
    assert facts["shrink_map"][0]["version"] == "0.0.1"
    plain = json.loads((written("mj")[1] / "run.json").read_text("utf-8"))["characters"]
    assert plain == {"policy": {"juki_resident": "mj", "juki_household": "mj"}, "twins": {}, "shrink_map": []}


def test_a_table_says_its_own_default_and_the_option_wins(mappings):
    from migrate import Options

    table = mappings[0].table.model_copy(update={"characters": "jisx0213"})
    assert [Options(characters=c).policy(table) for c in ("", "mj", "jisx0208")] == ["jisx0213", "mj", "jisx0208"]
    assert Options().policy(mappings[0].table) == "mj"


def _command(*words):
    line = [sys.executable, "-m", "migrate", "convert", "asama/resident*", ROOT / "samples/asama/resident.dat", "--lang", "en", *words]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_an_area_that_asks_for_jis_gets_it_from_the_users_own_folder(tmp_path):
    _published(tmp_path / "layouts/characters")
    own = tmp_path / "layouts/standard/01_resident_register"
    shutil.copytree(ROOT / "layouts/standard/01_resident_register", own)
    text = (own / "area.toml").read_text("utf-8")
    (own / "area.toml").write_text(text.replace('name   = "juki_resident"', 'name   = "juki_resident"\ncharacters = "jisx0213"'), "utf-8")
    ran = _command("--root", tmp_path, "--into", tmp_path / "out")
    assert ran.returncode == 4, ran.stderr
    facts = json.loads((tmp_path / "out/run.json").read_text("utf-8"))["characters"]
    assert facts["policy"] == {"juki_resident": "jisx0213", "juki_household": "mj"}
    assert [p.name[10:28] for p in (tmp_path / "out").glob("*.originals.csv")] == ["0101_juki_resident"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--characters", "jisx0208"), "https://moji.or.jp/mojikiban/map/"),
        (("--characters", "sjis"), "'mj', 'jisx0213', 'jisx0208'"),
        (("--shrink-map", "x.json"), "--shrink-map goes with --characters"),
        (("--characters", "jisx0208", "--shrink-map", "x.json"), "x.json: no such file"),
    ],
)
def test_an_option_that_does_not_fit_ends_with_12(tmp_path, words, said):
    ran = _command(*words, "--root", tmp_path, "--into", tmp_path / "out")
    assert (ran.returncode, said in ran.stderr) == (12, True), ran.stderr
    assert list(tmp_path.glob("out/*.csv")) == []


def test_a_check_knows_the_originals_as_a_companion(written):
    from migrate.read.delivered.folder import _COMPANIONS

    _, into = written("jisx0208")
    assert [p.name for p in into.glob("*.originals.csv") if not _COMPANIONS.fullmatch(p.name)] == []
