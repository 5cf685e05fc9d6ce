"""What many tests share: the sample, its mappings, and a way to run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate import Catalog, Options, run
from migrate.language import language, speak

speak("en")  # whatever the machine speaks: messages are compared

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples/asama/resident.dat"


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files, then review them")


def pytest_collection_modifyitems(items):
    """The longest first: on several cores it must not be what everybody waits for."""
    items.sort(key=lambda item: item.name != "test_what_the_documentation_shows_is_what_the_program_says")


@pytest.fixture(scope="session")
def catalog():
    return Catalog(ROOT)


@pytest.fixture(scope="session")
def mappings(catalog):
    return catalog.mappings("asama/resident*")


@pytest.fixture
def convert(mappings, tmp_path):
    """Run the asama mappings on some bytes; gives the report and the folder."""

    def go(data, name="out", **options):
        source = tmp_path / "source.dat"
        source.write_bytes(data)
        into = tmp_path / name
        return run(mappings, source, into, Options(**options)), into

    return go


@pytest.fixture
def spoken():
    """Give back the language that a test changes."""
    before = language()
    yield speak
    speak(before)


@pytest.fixture(scope="session")
def sample():
    return SAMPLE.read_bytes()


@pytest.fixture(scope="session")
def records(sample):
    """The sample's records as bytes, newline included; record n is records[n - 1]."""
    return sample.splitlines(keepends=True) if b"\r\n" not in sample else _cut(sample)


def _cut(sample):
    return [line + b"\r\n" for line in sample.split(b"\r\n")[:-1]]
