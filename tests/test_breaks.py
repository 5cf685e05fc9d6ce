"""Line breaks become two characters, whatever lies in memory beside the texts."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.convert.text import lines

TEXTS = st.lists(
    st.none() | st.text(alphabet="ab山\r\n\\", max_size=14) | st.text(max_size=3), max_size=30
)


@given(texts=TEXTS, first=st.integers(0, 3))
def test_every_break_is_replaced(texts: list[str | None], first: int) -> None:
    series = pl.Series("v", texts, dtype=pl.String).slice(first)
    wanted = [t if t is None else re.sub("\r\n|\r|\n", r"\\n", t) for t in texts[first:]]
    assert series.to_frame().select(lines(pl.col("v"))).to_series().to_list() == wanted


@pytest.mark.parametrize("size", [10, 12, 13, 266])
def test_a_size_that_looks_like_a_break_is_none(size: int) -> None:
    series = pl.Series("v", ["x" * size, None, "y" * size, "a\rb" + "z" * size])
    for rows in (series, series.head(3), series.head(0)):
        found = rows.to_frame().select(lines(pl.col("v"))).to_series().to_list()
        assert found == [t and t.replace("\r", r"\n") for t in rows]
