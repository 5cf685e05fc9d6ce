"""The layouts that were written for real files; these need no real file."""

import pytest

from migrate.lint import problems

REAL = ("jma/shindo", "zengin/sougou_furikomi")


@pytest.mark.parametrize("name", REAL)
def test_a_layout_is_complete_and_says_where_it_comes_from(catalog, name):
    layout = catalog.layout(name)
    assert layout.path.is_relative_to(catalog.root)
    assert len(layout.source) > 50
    for record in layout.records:
        assert sum(field.bytes for field in record.fields) == layout.record_bytes
        assert all(field.label for field in record.fields)


def test_lint_finds_nothing_wrong_with_them(catalog):
    found, _ = problems(catalog)
    assert set(REAL) <= set(catalog.layout_names())
    assert [str(problem) for problem in found if problem.path.resolve().is_relative_to(catalog.root)] == []
