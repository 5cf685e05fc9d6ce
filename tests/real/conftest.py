"""Where the real files lie, and the layouts that were written for them."""

import os
from pathlib import Path

import pytest

from migrate.catalog import Catalog

HERE = Path(__file__).resolve().parent
REALDATA = Path(os.environ.get("MIGRATE_REALDATA") or HERE.parents[1] / "../shared/realdata")


@pytest.fixture(scope="session")
def catalog():
    return Catalog(HERE)


@pytest.fixture(scope="session")
def realdata():
    """The folder of real files. It is never part of the project; without it these tests are skipped."""
    if not REALDATA.is_dir():
        pytest.skip(f"no real files at {REALDATA}; MIGRATE_REALDATA names another folder")
    return REALDATA
