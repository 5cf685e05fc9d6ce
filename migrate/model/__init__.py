"""The nouns of the house. Frozen, small, and importing nothing of ours but words for errors.

Legacy side    Layout > RecordType > Field, Gaiji
Standard side  Area > Table > Column, CodeList
Between them   Mapping > Recipe > Step, Skip, Example
"""

from __future__ import annotations

from migrate.model.between import Crosswalk, Example, Lookup, Mapping, Recipe, Skip, Step
from migrate.model.legacy import (
    NUMBERS,
    Declaration,
    Field,
    FieldType,
    Gaiji,
    Layout,
    RecordType,
    Tag,
)
from migrate.model.noun import Name, Noun, Yes
from migrate.model.standard import Area, CodeList, Column, ColumnType, ListEntry, Table, TableEntry

__all__ = [
    "NUMBERS",
    "Area",
    "CodeList",
    "Column",
    "ColumnType",
    "Crosswalk",
    "Declaration",
    "Example",
    "Field",
    "FieldType",
    "Gaiji",
    "Layout",
    "ListEntry",
    "Lookup",
    "Mapping",
    "Name",
    "Noun",
    "Recipe",
    "RecordType",
    "Skip",
    "Step",
    "Table",
    "TableEntry",
    "Tag",
    "Yes",
]
