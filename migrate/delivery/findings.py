"""What a check of a delivery found, as data: `Findings`; its JSON schema is docs/check.schema.json.

Counts are exact, samples are capped, and no personal value is in it: of a key only the parts that may be shown.
"""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["error", "alert"]


class Figure(BaseModel):
    """A part of the findings."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Sample(Figure):
    """One place where something is wrong."""

    file: str = Field(description="file, below the folder of the delivery")
    row: int = Field(description="data row from 1; 0: the header or the file as a whole")
    byte: int | None = Field(
        description="byte of the file from 0; null where the form has none to point at"
    )
    key: dict[str, str] = Field(
        default={}, description="the parts of the row's key that are not personal"
    )
    value: str | None = Field(
        default=None, description="the value; of a personal one only its length"
    )


class Finding(Figure):
    """Everything of one kind in one column of one table."""

    code: str = Field(description="as people cite it: E-CHECK-011; see `migrate rule`")
    name: str = Field(description="as the program calls it: too_long")
    severity: Severity
    table: str = Field(description="English name; blank where no table is concerned")
    item: str = Field(
        description="English name of the column; blank for the row or the file as a whole"
    )
    label: str = Field(description="Japanese name of the column")
    title: str
    remedy: str
    count: int = Field(description="exact")
    samples: list[Sample] = Field(description="the first ones")


class RuleVerdict(Figure):
    """What became of one rule across columns and tables, over one table."""

    rule: str
    severity: Severity
    table: str = Field(
        description="the table whose rows are meant; blank where the rule was not run"
    )
    columns: list[str]
    title: str
    remedy: str
    state: Literal["kept", "broken", "not_run"]
    reason: str = Field(default="", description="why it was not run")
    count: int = Field(default=0, description="rows that break it; exact")
    samples: list[Sample] = []


class JudgedFile(Figure):
    """One file of one table."""

    file: str
    table: str
    title: str
    form: Literal["csv", "parquet", "xml"]
    judged: bool = Field(description="false: the file could not be read at all")
    rows: int = Field(description="rows in the file, unreadable ones too")
    read: int = Field(description="of them, rows that could be read; the rules see only these")
    errors: int = Field(description="errors of form and of single values; rules are counted apart")
    alerts: int


class Findings(Figure):
    """The whole verdict over one delivery."""

    program: str = Field(description="version of chukan-migrate")
    folder: str
    city: str = Field(description="全国地方公共団体コード")
    round: str
    as_of: str = Field(description="moment of the extraction, YYYYMMDDhhmmss")
    today: str = Field(description="the day on which rules are judged, YYYY-MM-DD")
    files: list[JudgedFile]
    findings: list[Finding]
    rules: list[RuleVerdict]
    errors: int
    alerts: int
    exit_code: int = Field(
        description="0 clean, 4 alerts only, 8 errors, 12 nothing could be judged"
    )
    listed: str | None = Field(default=None, description="the file with every single finding")


def schema() -> str:
    """The JSON schema of what `migrate check --format json` prints."""
    facts = Findings.model_json_schema(mode="serialization")
    facts["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(facts, ensure_ascii=False, indent=2)
