"""Where the tables of encodings come from: drafts of characters by code, and the files that they lie in.

`draft` is what an encoding is made of, `shiftjis`, `unix`, `ibm` and `hosts` make them, `stored` reads the
files beside them, `given` reads a user's file, `coding` goes from bytes to text and back.
"""
