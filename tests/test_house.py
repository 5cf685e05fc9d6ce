"""The house keeps its own rules."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import migrate
from migrate.catalog.notices import notices
from migrate.check.schema import rules_of
from migrate.check.values import VALUES
from migrate.convert.vocabulary import WORDS
from migrate.model import Column

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "migrate").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_fits_on_a_few_screens(path):
    assert len(path.read_text("utf-8").splitlines()) <= 320


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_is_called_manager_or_helper(path):
    assert not re.search(r"^class \w*(Manager|Handler|Helper|Util|Context|Base|Data|Info)\b", path.read_text("utf-8"), re.M)


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_word_has_an_example_and_a_notice(name):
    assert ">>>" in (WORDS[name].__doc__ or "")
    assert name in notices()


def test_every_code_that_can_arise_has_a_notice():
    types = ("X", "N", "9", "S9", "DATE", "TIME", "YEAR", "YM", "BLOB")
    columns = [Column(name="c", label="c", type=t, length="5", source="G") for t in types]
    columns += [Column(name="c", label="c", type="N", length="5", source="G", gaiji=True),
                Column(name="c", label="c", type="9V", length="5,2", source="G")]  # fmt: skip
    codes = {rule.code for column in columns for rule in rules_of(column, None)} | set(VALUES)
    for module in ("read/diagnose.py", "read/declared.py", "read/fixed.py"):
        text = (ROOT / "migrate" / module).read_text("utf-8")
        codes |= set(re.findall(r'"((?:not|no|wrong|cut|unknown|undecodable|invalid|control)_\w+)"', text))
    codes |= {"missing", "repeated_key", "number", "undecodable", "not_wide", "not_kana"}
    assert codes <= set(notices()), codes - set(notices())


def test_notices_speak_both_languages_and_have_unique_numbers():
    found = notices().values()
    assert len({n.id for n in found}) == len(found)
    assert all(n.ja and n.en and n.remedy_ja and n.remedy_en for n in found)
    assert {n.severity for n in found} == {"error", "alert"}


@pytest.mark.parametrize("name", migrate.__all__)
def test_public_names_have_docstrings(name):
    assert inspect.getdoc(getattr(migrate, name))


def test_the_repository_holds_no_valid_individual_number():
    from stdnum.jp import in_

    for folder in ("samples", "layouts", "mappings", "tests", "migrate"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".csv", ".toml", ".md"):
                text = path.read_text("utf-8", errors="ignore")
                assert [n for n in re.findall(r"(?<!\d)\d{12}(?!\d)", text) if in_.is_valid(n)] == [], path


def test_where_no_machine_code_can_be_kept_it_is_compiled_anew():
    code = (
        "import numba.core.caching as c\n"
        "c.CacheImpl._locator_classes = []\n"
        "from migrate.compiled import OPTIONS\n"
        "assert OPTIONS['cache'] is False\n"
        "import polars as pl\n"
        "from migrate.write.content import Content, summed\n"
        "from migrate.write.csv import lines\n"
        "content = Content(); content.add(summed(lines(pl.DataFrame({'a': ['x']})))); print(content)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(ran.stdout.strip()) == 32


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_njit_is_ours(path):
    """numba's own would take up machine code slowly."""
    if path.name != "compiled.py":
        assert not re.search(r"from numba import .*\bn?jit\b|numba\.n?jit\b", path.read_text("utf-8"))
