"""Garbage for everything that reads: mutated files, and what must hold whatever they hold.

mutated.py    bytes -> damaged bytes
target.py     the nouns: Seed, Target, BrokenError
readers.py    legacy files in every encoding and framing
knowledge.py  copybooks, 符号表, workbooks, layouts and mappings
whole.py      conversion, peek, delivered files

tests/test_fuzzed.py runs some hundred cases of each, benchmarks/fuzz.py as many as there is time for.
"""
