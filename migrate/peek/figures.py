"""What a look into a file found, as data: `Look`; its JSON schema is docs/peek.schema.json.

No value of the file is in it: shapes, positions, counts. Only short codes that come often may be shown.
"""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Confidence = Literal["certain", "likely", "undecided"]


class Figure(BaseModel):
    """A part of the look."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Statement(Figure):
    """One answer with what speaks for it. It is advice: nothing is ever converted on it."""

    value: str = Field(description="the answer; of an undecided one, the family at the most")
    confidence: Confidence
    alternatives: list[str] = Field(
        default=[],
        description="what else it can be; of a certain answer, what reads these bytes alike; of an undecided one, all that remain",
    )
    evidence: list[str] = Field(default=[], description="sentences with counts")


class Length(Figure):
    """A record length in bytes, without newline, and how many records have it."""

    length: int
    count: int


class Structure(Figure):
    """How the file is divided into records."""

    newline: Statement = Field(description="crlf, lf, cr, nel, none or mixed")
    record: Statement = Field(description="record length in bytes, `variable`, rdw..., or blank")
    form: Literal["fixed", "lines", "prefixed", "blob"]
    record_bytes: int = Field(default=0, description="without newline; 0 where it is not one")
    stride: int = Field(default=0, description="from record to record; 0 where it is not one")
    lead_bytes: int = 0
    tail_bytes: int = 0
    records: int = Field(default=0, description="in the whole file; 0: not known")
    lengths: list[Length] = Field(default=[], description="the most frequent ones")
    divisors: list[int] = Field(
        default=[], description="lengths that divide the file, for a file without newline"
    )
    end_mark: bool = Field(default=False, description="1A at the very end")
    nul: int = Field(default=0, description="bytes 00 in the whole file")
    high: int = Field(default=0, description="bytes FF in the whole file")


class Part(Figure):
    """A field that is proposed."""

    start: int = Field(description="1-based byte")
    bytes: int
    type: Literal["text", "wide", "kana", "digits", "packed", "binary", "filler"]
    filled: float = Field(description="share of the records in which it is not blank")
    why: list[str] = Field(description="why it begins here and why it is of this type")


class Kind(Figure):
    """Records of one shape: their ruler and the fields that are proposed."""

    name: str
    role: Literal["header", "data", "trailer"] = "data"
    tag_at: int = Field(default=0, description="1-based byte that tells them; 0: no such byte")
    tag: str | None = Field(
        default=None,
        description="the byte there, in hex, or `digits`; null where it must stay hidden",
    )
    count: int = Field(description="records of it among those looked at")
    length: int = Field(description="bytes")
    ruler: str = Field(
        description="a character a byte: 9 digit, A letter, k kana, J j pair, _ blank, W w wide"
        " blank, s shift code, P packed, B binary, 0 NUL, ? mixed"
    )
    parts: list[Part] = []


class Value(Figure):
    """A short code that comes at least five times."""

    value: str
    count: int


class Column(Figure):
    """One column of a delimited file."""

    number: int
    label: str | None = Field(default=None, description="from the header line, where there is one")
    type: str = Field(description="digits, number, date, kana, kanji, mixed, code, text or empty")
    form: str = Field(default="", description="the most frequent shape; of dates, their form")
    filled: float
    distinct: int
    more: bool = Field(default=False, description="there are more distinct values than counted")
    shortest: int = Field(description="characters")
    longest: int
    shortest_bytes: int
    longest_bytes: int
    values: list[Value] = []


class Dialect(Figure):
    """How a delimited file is written."""

    delimiter: Statement
    quoting: Statement
    header: Statement
    doubled_quotes: int = 0
    breaks_in_quotes: int = 0
    columns: list[Column] = []
    whole: bool = Field(
        default=False,
        description="the columns are summed up over the whole file, not over a sample",
    )


class Look(Figure):
    """Everything that was found."""

    program: str = Field(description="version of chukan-migrate")
    file: str
    size: int
    looked_at: int = Field(description="records looked at closely: head, middle and tail")
    encoding: Statement
    structure: Structure
    kinds: list[Kind] = []
    dialect: Dialect | None = None
    characters: dict[str, int] = Field(default={}, description="classes in the sample")


def schema() -> str:
    """The JSON schema of what `migrate peek --format json` prints."""
    facts = Look.model_json_schema(mode="serialization")
    facts["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(facts, ensure_ascii=False, indent=2)
