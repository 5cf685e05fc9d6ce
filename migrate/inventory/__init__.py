"""What is in legacy files that people must settle: user-defined characters (gaiji.py) and codes (codes.py).

Both are ledgers: counted from the files, agreed on in a CSV, applied by the reader or the words, and counted again at
the next rehearsal, against what was counted before.
"""
