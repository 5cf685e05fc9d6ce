# Two commands on a fresh machine with Python >= 3.11: `make demo` and `make test`. Each sets itself up in .venv.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench bench-quick docs wheel clean

demo: .venv/runs
	$(BIN)/migrate demo --into demo

test: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/migrate lint
	$(BIN)/python -m pytest -n auto --dist loadgroup

docs: .venv/tests
	$(BIN)/python tools/docs.py

wheel: .venv/tests
	$(BIN)/python -m build --wheel

bench-quick: .venv/bench
	$(BIN)/python benchmarks/run.py --quick

bench: .venv/bench
	$(BIN)/python benchmarks/run.py --records 1000000

.venv/runs: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/tests: .venv/runs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

.venv/bench: .venv/tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,bench]'
	touch $@

clean:
	rm -rf .venv demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
