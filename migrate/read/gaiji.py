"""A vendor's gaiji applied to what is read: `baked` into the encoding's tables, or `Late`, behind the decoder.

What is exact is baked into the tables and costs nothing. What is not leaves an alert for each value: it stays the
private-use character through the decoder, which no other byte can mean, and is replaced in the frame, where it is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from migrate.catalog.files import shown
from migrate.catalog.notices import severity
from migrate.errors import KnowledgeError, Problem
from migrate.frames import ISSUES, RECORD, no_issues
from migrate.language import say

if TYPE_CHECKING:
    from migrate.model import Gaiji, Layout, RecordType
    from migrate.read.encodings import Encoding
    from migrate.read.framing import Block

BAKED_BYTES = 8
"""What an entry of a table can hold, in UTF-8; longer texts are put in behind the decoder."""

LOOSE = "gaiji_settled_loosely"
TEXTS = ("text", "wide")
PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
"""Private-use characters, for a class of a regular expression."""


def is_private(text: str) -> bool:
    """Whether it is one private-use character.

    >>> is_private("\\ue000"), is_private("高"), is_private("\\ue000\\ue001")
    (True, False, False)
    """
    return len(text) == 1 and ("\ue000" <= text <= "\uf8ff" or text >= "\U000f0000")


def meaning(encoding: Encoding, code: str) -> str:
    """The private-use character that a gaiji code means in an encoding; blank where it means none.

    >>> from migrate.read.encodings import cp932
    >>> meaning(cp932("microsoft"), "F040"), meaning(cp932("microsoft"), "U+E001"), meaning(cp932("microsoft"), "8D82")
    ('\\ue000', '\\ue001', '')
    """
    if code.startswith("U+"):
        text = chr(int(code[2:], 16))
    else:
        shifts = getattr(encoding, "shifts", ())
        into = next((s.sequence for s in shifts if s.ones < 0 and s.pairs == 0), b"")
        out = next((s.sequence for s in shifts if s.ones == 0), b"")
        text = encoding.decode(into + bytes.fromhex(code) + out)
    return text if is_private(text) else ""


def characters(layout: Layout, encoding: Encoding) -> dict[str, Gaiji]:
    """The vendor's gaiji by the character that they are in an encoding; those that it does not have are left out.

    Raises KnowledgeError where two rows are of one character.
    """
    found: dict[str, Gaiji] = {}
    for row in layout.gaiji:
        character = meaning(encoding, row.code)
        if character in found:
            cause = say(
                f"{found[character].code} と同じ文字 U+{ord(character):04X}",
                f"is the same character, U+{ord(character):04X}, as {found[character].code}",
            )
            path = shown(layout.gaiji_path or layout.path)
            remedy = say("1つだけ残す", "keep one")
            raise KnowledgeError(Problem(path, row.code, cause, remedy))
        if character:
            found[character] = row
    return found


def baked(layout: Layout, encoding: Encoding) -> dict[str, str]:
    """What `Encoding.replaced` takes: the approved exact gaiji that fit into a table."""
    return {
        character: row.text
        for character, row in characters(layout, encoding).items()
        if row.approved and row.kind == "exact" and len(row.text.encode()) <= BAKED_BYTES
    }


@dataclass(frozen=True)
class Late:
    """The approved gaiji that are put in behind the decoder. `counting`: all of them, and they are counted."""

    layout: Layout
    encoding: Encoding  # with nothing replaced
    counting: bool = False

    @cached_property
    def _rows(self) -> dict[str, Gaiji]:
        done = {} if self.counting else baked(self.layout, self.encoding)
        approved = characters(self.layout, self.encoding).items()
        return {c: row for c, row in approved if row.approved and c not in done}

    @cached_property
    def _any(self) -> str:
        return "".join(self._rows)

    @cached_property
    def _loose(self) -> str:
        return "".join(c for c, row in self._rows.items() if row.kind != "exact")

    def put(
        self, frame: pl.DataFrame, record: RecordType, block: Block
    ) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, tuple[int, int]]]:
        """The frame with them replaced, an alert for each value that was settled loosely, and, if counting, how many
        private-use characters of each field are settled and are not."""
        fields = [f for f in record.read.values() if f.type in TEXTS]
        wanted = PRIVATE if self.counting else self._any
        if not wanted or not frame.height or not fields:
            return frame, no_issues(), {}
        has = frame.select(pl.col(f.name).str.contains(f"[{wanted}]").any() for f in fields).row(0)
        fields = [f for f, found in zip(fields, has, strict=True) if found]
        if not fields:
            return frame, no_issues(), {}
        counts = self._counted(frame, [f.name for f in fields]) if self.counting else {}
        issues = []
        for field in fields if self._loose else ():
            value = pl.col(field.name)
            hit = frame.filter(value.str.contains(f"[{self._loose}]")).select(RECORD, value)
            if not hit.height:
                continue
            index = (hit[RECORD].cast(pl.Int64) - block.first).to_numpy()
            shown_codes = [
                " ".join(dict.fromkeys(self._rows[c].code for c in text if c in self._loose))
                for text in hit[field.name].to_list()
            ]
            made = hit.select(
                record=RECORD,
                byte=pl.Series(block.places(index, index * 0 + field.at)),
                item=pl.lit(field.name),
                code=pl.lit(LOOSE),
                severity=pl.lit(severity(LOOSE)),
                value=pl.Series(shown_codes, dtype=pl.String),
            )
            issues.append(made.cast(ISSUES))
        if self._rows:
            texts = [row.text for row in self._rows.values()]
            frame = frame.with_columns(
                pl.col(f.name).str.replace_many(list(self._rows), texts) for f in fields
            )
        return frame, pl.concat(issues) if issues else no_issues(), counts

    def _counted(self, frame: pl.DataFrame, names: list[str]) -> dict[str, tuple[int, int]]:
        whole = frame.select(pl.col(n).str.count_matches(f"[{PRIVATE}]").sum() for n in names)
        settled = [0] * len(names)
        if self._any:
            mine = (pl.col(n).str.count_matches(f"[{self._any}]").sum() for n in names)
            settled = [int(n or 0) for n in frame.select(mine).row(0)]
        return {
            name: (done, int(all_ or 0) - done)
            for name, all_, done in zip(names, whole.row(0), settled, strict=True)
        }
