"""Characters of JIS that have two code points: layouts/characters/twins.csv."""

from __future__ import annotations

from typing import Literal

from migrate.catalog.files import rows, shipped
from migrate.model import Noun


class Twin(Noun):
    """Two code points for one character of JIS, as Windows and as JIS read it: a row of twins.csv."""

    microsoft: str
    jis: str
    microsoft_code: str
    jis_code: str
    kuten: str
    microsoft_name: str
    jis_name: str
    profiles: Literal["yes", ""] = ""  # whether the layouts' profiles read it differently
    jisx0208: Literal["microsoft", "jis", "both", ""] = ""  # which of the two the set holds
    jisx0213: Literal["microsoft", "jis", "both", ""] = ""
    note: str = ""


def twins() -> list[Twin]:
    """The characters that have two code points.

    >>> twins()[0].microsoft_name, twins()[0].jis_name
    ('FULLWIDTH TILDE', 'WAVE DASH')
    """
    return rows(shipped() / "layouts/characters/twins.csv", Twin)
