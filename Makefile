# Two commands on a fresh machine with Python >= 3.11: `make demo` and `make test`. Each sets itself up in .venv.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench bench-quick bench-memory bench-town bench-instructions docs wheel clean

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

# Figures and plots into benchmarks/README.md: in a minute, in ten, in an hour or so (30 GB of disk each, kept apart).
bench-quick: .venv/bench
	$(BIN)/python benchmarks/run.py --quick

bench: .venv/bench
	$(BIN)/python benchmarks/run.py --records 1000000

bench-memory: .venv/bench
	$(BIN)/python benchmarks/memory.py

bench-town: .venv/bench
	$(BIN)/python benchmarks/town.py --residents 300000 --vendors asama --rounds 3 --work $(or $(TMPDIR),/tmp)/chukan-migrate-town

bench-instructions: .venv/bench
	$(BIN)/python benchmarks/run.py --quick --instructions

.venv/runs: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/tests: .venv/runs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

.venv/bench: .venv/tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,bench]'
	$(PYTHON) -m venv .venv/installed # what is measured, without its peers
	.venv/installed/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

clean:
	rm -rf .venv demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
