"""Knowledge that somebody damaged: layouts, mappings, code lists, crosswalks, gaiji, rules, titles."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from fuzzing.target import Seed, Target
from fuzzing.whole import PLACE
from migrate import Catalog, Options, run
from migrate.catalog.files import Roots
from migrate.catalog.workbook import words_of
from migrate.errors import KnowledgeError, SourceError
from migrate.read import Reader

if TYPE_CHECKING:
    from pathlib import Path

GAIJI = "from,to,kind,approved_by,approved_on,note\nF040,U+8FBB+U+E0100,exact,市民課,2026-05-12,\nF041,,,,,\nU+E002,U+5409,equivalent,市民課,2026-05-12,x\n"
TWINS = "layouts/characters/twins.csv"
WORDS = (
    "0", "-1", "99999999999", "true", "[]", "{}", "[[record]]", "[columns]", "''", '"', "=", "\n", "|", "| pad 15", "| era_date 12345", "| code sex",
    "| pad -1", "| pad x", "fixed", "csv", "text", "packed", "wide", "number", "filler", "binary", "ibm939", "utf-16le", "crlf", "none", "rdw",
    "yes", "../x", "/etc/passwd", "\\u0000", "[", "]", "inf", "nan", "2026-05-12", "U+110000", "U+D800", "F040", "FFFFFFFF", "?", "SELECT 1", "when", ",",
)  # fmt: skip


def target(folder: Path, root: Path) -> Target:
    base = folder / "knowledge"
    for name in ("layouts/legacy/asama/resident", "layouts/legacy/shirane/resident", "layouts/standard/01_resident_register", "layouts/standard/codes",
                 "layouts/standard/rules", "layouts/characters", "mappings/asama/codes"):  # fmt: skip
        shutil.copytree(root / name, base / name, dirs_exist_ok=True)
    for path in (root / "mappings/asama").glob("resident*.toml"):
        shutil.copy(path, base / "mappings/asama")
    shutil.copy(root / "layouts/titles.toml", base / "layouts")
    (base / "layouts/legacy/asama/gaiji.csv").write_text(GAIJI, "utf-8")
    source = (root / "samples/asama/resident.dat").read_bytes()[: 452 * 4]
    used = [p for p in sorted(base.rglob("*")) if p.is_file() and p.suffix in (".toml", ".csv", ".sql")]
    often = [p for p in used if "resident" in str(p.parent.name) or "gaiji" in p.name or p.suffix == ".toml" or "twins" in p.name]
    seeds = tuple(Seed(str(p.relative_to(base)), p.read_bytes(), (base, source)) for p in [*used, *often, *often])
    return Target(seeds, load, tuple(w.encode() for w in WORDS))


def load(seed: Seed, data: bytes, folder: Path) -> str:
    base, source = seed.tools
    path, sound = base / seed.name, (base / seed.name).read_bytes()
    path.unlink()
    path.write_bytes(data)
    try:
        return _loaded(base, seed.name, source, folder)
    finally:
        path.unlink()
        path.write_bytes(sound)


def _loaded(base: Path, name: str, source: bytes, folder: Path) -> str:
    catalog, said = Catalog(base), []
    looks = {
        "layout": lambda: catalog.layout("asama/resident"), "table": lambda: catalog.table("01_resident_register/juki_resident"),
        "gaiji": lambda: catalog.gaiji("asama/gaiji"),
        "words": lambda: words_of(Roots((base,))), "examined": lambda: [catalog.examined(n) for n in catalog.mapping_names() if n.startswith("asama/resident")],
    }  # fmt: skip
    if "standard" in name:
        looks |= {"areas": catalog.areas, "codes": catalog.code_lists}
    if "rules" in name:
        looks["rules"] = catalog.rules
    if "shirane" in name:
        looks["csv"] = lambda: catalog.layout("shirane/resident")
    for what, look in looks.items():
        try:
            look()
        except KnowledgeError as error:
            str(error)
            said.append(what)
    if said:
        return "refused"
    dat = folder / "s.dat"
    dat.write_bytes(source)
    if "legacy" not in name and "mappings" not in name:
        return "loads"
    shutil.rmtree(folder / "out", ignore_errors=True)
    try:
        list(Reader(catalog.layout("shirane/resident" if "shirane" in name else "asama/resident"), part=True).batches(dat, 3))
        if "mappings" in name:
            run(catalog.mappings("asama/resident"), dat, folder / "out", Options(part=True, **PLACE))
    except KnowledgeError:
        return "loads, does not run"
    except SourceError:
        return "loads, reads nothing"
    return "runs"
