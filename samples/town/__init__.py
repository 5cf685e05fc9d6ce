"""One coherent invented municipality, from which every legacy file of the samples is written.

core.py        Town, Fault, LegacyFile: all that an area's module needs to know
people.py      who lives there: drawn once, before any table
businesses.py  who is addressed without living there: 住登外 and 法人
<area>.py      facts(town): the rows of the area's standard tables; FAULTS: what may be wrong with them
<vendor>/      files(town): what this vendor would have written of it
spell.py       dates, kana and amounts as legacy systems write them
legacy.py      frames -> bytes, by the layout
claims.py      who is whose: hands out rows so that no two faults touch the same people
"""
