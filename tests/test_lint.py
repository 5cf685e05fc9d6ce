"""What `migrate lint` refuses: a small knowledge tree, one thing in it broken at a time."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from migrate import catalog as catalog_module
from migrate.catalog import Catalog
from migrate.catalog.files import shipped
from migrate.cli.base import CLEAN, NOT_PROCESSED, settle
from migrate.cli.main import cli
from migrate.convert.vocabulary import WORDS
from migrate.errors import Problem, unknown
from migrate.language import language, speak
from migrate.lint import problems

if TYPE_CHECKING:
    from collections.abc import Iterator

LAYOUT = "layouts/legacy/acme/people/layout.toml"
HEAD = "layouts/legacy/acme/people/head.csv"
PERSON = "layouts/legacy/acme/people/person.csv"
TAIL = "layouts/legacy/acme/people/tail.csv"
AREA = "layouts/standard/90_people/area.toml"
TABLE = "layouts/standard/90_people/people.csv"
LISTS = "layouts/standard/codes/index.csv"
SEXES = "layouts/standard/codes/K01.csv"
KINDS = "layouts/standard/codes/K02.csv"
MAPPING = "mappings/acme/people.toml"
WALK = "mappings/acme/codes/sex.csv"

TREE = {
    LAYOUT: """\
title = "People"
source = "a book that the test wrote"
format = "fixed"
encoding = "cp932"
newline = "lf"
record_bytes = 40

[[record]]
name = "head"
kind = "header"
tag = [{ at = 1, is = ["1"] }]
as_of = "taken_at"

[[record]]
name = "person"
tag = [{ at = 1, is = ["2"] }]

[[record]]
name = "tail"
kind = "trailer"
tag = [{ at = 1, is = ["9"] }]
declares = [{ field = "people", counts = ["person"] }]
""",
    HEAD: """\
name,label,start,bytes,type,scale,group,times,sensitive,note
record_type,L,1,1,digits,,,,,
taken_at,L,2,14,digits,,,,,
spare,L,16,25,filler,,,,,
""",
    PERSON: """\
name,label,start,bytes,type,scale,group,times,sensitive,note
record_type,L,1,1,digits,,,,,
person_no,L,2,6,digits,,,,yes,
name,L,8,10,wide,,,,yes,
birth,L,18,7,text,,,,yes,
sex,L,25,1,text,,,,,
amount,L,26,4,zoned,,,,,
mark,L,30,1,text,,marks,2,,
spare,L,32,9,filler,,,,,
""",
    TAIL: """\
name,label,start,bytes,type,scale,group,times,sensitive,note
record_type,L,1,1,digits,,,,,
people,L,2,6,zoned,,,,,
spare,L,8,33,filler,,,,,
""",
    AREA: """\
number = 90
title = "People"
source = "a test"

[[table]]
id = "9001"
name = "people"
title = "People"
order = ["person_no"]
""",
    TABLE: """\
name,label,type,length,required,key,codes,references,check,gaiji,unknown_date,sensitive,source,note
city_code,L,X,6,yes,yes,,,city_code,,,,G,
person_no,L,X,8,yes,yes,,,,,,yes,G,
parent_no,L,X,8,,,,people.person_no,,,,yes,G,
name,L,N,20,yes,,,,,yes,,yes,G,
birth_date,L,DATE,10,,,,,,,yes,yes,G,
sex,L,X,1,,,K01,,,,,,G,
kind,L,X,1,yes,,K02,,,,,,G,
amount,L,S9,6,,,,,,,,,G,
remark,L,N,20,,,,,,,,,G,
""",
    LISTS: """\
id,title,length,kind,includes,source,note
K01,sexes,1,list,,G,
K02,kinds,1,list,K01,G,
""",
    SEXES: """\
code,label,note
1,male,
2,female,
""",
    KINDS: """\
code,label,note
7,seven,
""",
    WALK: """\
from,to,note
M,1,
F,2,
N,,blank by decision
""",
    MAPPING: """\
reads = "acme/people person"
writes = "90_people/people"
agreed = "in a test"

[columns]
person_no = "person_no | pad 8"
name = "name"
birth_date = "birth | era_date 12345"
sex = "sex | code sex"
amount = "amount"

[constants]
city_code = "{city}"
kind = "7"

[left_empty]
parent_no = "nobody knows"
remark = "nobody remarked"

[carried]
mark_1 = "no column"

[not_migrated]
record_type = "a mark"
mark_2 = "a mark"

[[skip]]
when = "person_no = '000000'"
because = "a dummy"

[[example]]
because = "the last day of an era"
given = { birth = "3640107", person_no = "42" }
expect = { birth_date = "1989-01-07", person_no = "00000042" }
""",
}


class Edit(NamedTuple):
    """Text of a file replaced by other text; without text, the whole file (None: no file)."""

    file: str
    old: str | None
    new: str | None


class Found(NamedTuple):
    """A problem as expected: the file and pieces of its place, cause and remedy."""

    file: str
    place: str
    cause: str = ""
    remedy: str = ""


class Case(NamedTuple):
    """What is broken, how, and every problem that this makes."""

    what: str
    edits: tuple[Edit, ...]
    found: tuple[Found, ...]


def broken(what: str, file: str, old: str | None, new: str | None, *found: Found) -> Case:
    return Case(what, (Edit(file, old, new),), found)


TAIL_RECORD = TREE[LAYOUT].split("\n\n")[3]
COLUMNS_OF_FIELDS = TREE[HEAD].splitlines()[0] + "\n"
UNREAD = Found(MAPPING, "sex", "field sex is not settled", "[not_migrated]")

KEYS = [
    broken("a key of a layout", LAYOUT, "newline =", "newlin =",
           Found(LAYOUT, "newlin", "no key 'newlin'", "'newline'"),
           Found(LAYOUT, "newline", "missing", "write it down")),
    broken("a key of a layout that only the program may set", LAYOUT, "newline =",
           'name = "x"\nnewline =',
           Found(LAYOUT, "name", "no key 'name'")),
    broken("a path in a layout", LAYOUT, "newline =", 'path = "x"\nnewline =',
           Found(LAYOUT, "path", "no key 'path'")),
    broken("a key of a record type", LAYOUT, "as_of =", "as_off =",
           Found(LAYOUT, "record.1.as_off", "no key 'as_off'", "'as_of'")),
    broken("fields written into a record type", LAYOUT, "as_of =", "fields = []\nas_of =",
           Found(LAYOUT, "record.1.fields", "no key 'fields'")),
    broken("a key of a tag", LAYOUT, '1, is = ["2"]', '1, ist = ["2"]',
           Found(LAYOUT, "record.2.tag.1.ist", "no key 'ist'", "'is'")),
    broken("a key of a tag, nothing near it", LAYOUT, '1, is = ["2"]', '1, is = ["2"], zzz = 1',
           Found(LAYOUT, "record.2.tag.1.zzz", "no key 'zzz'", "there are at, hex, in, is")),
    broken("a key of a tag by the name inside the program", LAYOUT, '1, is = ["2"]',
           '1, values = ["2"]',
           Found(LAYOUT, "record.2.tag.1.values", "no key 'values'")),
    broken("a key of a declaration", LAYOUT, "counts =", "count =",
           Found(LAYOUT, "record.3.declares.1.count", "no key 'count'", "'counts'")),
    broken("a key of a mapping", MAPPING, "agreed =", 'agred = "x"\nagreed =',
           Found(MAPPING, "agred", "no key 'agred'", "'agreed'")),
    broken("a section of a mapping", MAPPING, "[carried]", "[caried]",
           Found(MAPPING, "caried", "no key 'caried'", "'carried'")),
    broken("a key of a skip", MAPPING, 'because = "a dummy"', 'becaus = ""\nbecause = "a dummy"',
           Found(MAPPING, "skip.1.becaus", "no key 'becaus'", "'because'")),
    broken("a key of an example", MAPPING, "given =", "givn = {}\ngiven =",
           Found(MAPPING, "example.1.givn", "no key 'givn'", "'given'")),
    broken("a key of an area", AREA, "number =", "numbr = 1\nnumber =",
           Found(AREA, "numbr", "no key 'numbr'", "'number'")),
    broken("a key of an area that only the program may set", AREA, "number =",
           'name = "x"\nnumber =',
           Found(AREA, "name", "no key 'name'")),
    broken("a key of a table", AREA, "order =", "ordr =",
           Found(AREA, "ordr", "no key 'ordr'", "'order'")),
    broken("a CSV column of fields", PERSON, ",sensitive,", ",sensitiv,",
           Found(PERSON, "header line", "no column 'sensitiv'", "'sensitive'")),
    broken("a CSV column of a table", TABLE, ",required,", ",require,",
           Found(TABLE, "header line", "no column 'require'", "'required'")),
    broken("a CSV column of a crosswalk", WALK, "from,to", "from,too",
           Found(WALK, "header line", "no column 'too'", "'to'")),
    broken("a CSV column of a code list", SEXES, "code,label", "cod,label",
           Found(SEXES, "header line", "no column 'cod'", "'code'")),
    broken("a CSV column of the code lists", LISTS, "id,title", "id,titel",
           Found(LISTS, "header line", "no column 'titel'", "'title'")),
    broken("a CSV column that comes twice", PERSON, "sensitive,note", "note,note",
           Found(PERSON, "header line", "note comes twice")),
]  # fmt: skip

WORDING = [
    broken("an unknown word", MAPPING, "era_date", "era_dat",
           Found(MAPPING, "line 8 birth_date", "no word 'era_dat'", "did you mean 'era_date'?")),
    broken("an unknown word, nothing near it", MAPPING, "era_date", "qqq",
           Found(MAPPING, "line 8 birth_date", "no word 'qqq'", "there are after_space,")),
    broken("a word without its argument", MAPPING, "pad 8", "pad",
           Found(MAPPING, "line 6 person_no", "wrong arguments for pad", "write pad WIDTH FILL")),
    broken("a word with an argument too many", MAPPING, "pad 8", "pad 8 0 0",
           Found(MAPPING, "line 6 person_no", "wrong arguments for pad", "write pad WIDTH FILL")),
    broken("an argument for a word that takes none", MAPPING, "pad 8", "trim 8",
           Found(MAPPING, "line 6 person_no", "wrong arguments for trim", "trim")),
    broken("an argument that is no number", MAPPING, "pad 8", "pad eight",
           Found(MAPPING, "line 6 person_no", "'eight'")),
    broken("a negative width", MAPPING, "pad 8", "pad -8",
           Found(MAPPING, "line 6 person_no", "'-8'")),
    broken("a width in superscript", MAPPING, "pad 8", "pad ²",
           Found(MAPPING, "line 6 person_no", "'²'")),
    broken("a filling of two characters", MAPPING, "pad 8", "pad 8 ab",
           Found(MAPPING, "line 6 person_no", "'ab'")),
    broken("a part that begins before the first character", MAPPING, "pad 8", "pad 8 | take 0 8",
           Found(MAPPING, "line 6 person_no", "'0'")),
    broken("a part of no length", MAPPING, "pad 8", "pad 8 | take 1 0",
           Found(MAPPING, "line 6 person_no", "'0'")),
    broken("eras that are not spelt", MAPPING, "era_date 12345", "era_date",
           Found(MAPPING, "line 8 birth_date", "wrong arguments for era_date",
                 "write era_date ERAS")),
    broken("four letters for five eras", MAPPING, "era_date 12345", "era_date 1234",
           Found(MAPPING, "line 8 birth_date", "'1234'")),
    broken("one letter for two eras", MAPPING, "era_date 12345", "era_date 12335",
           Found(MAPPING, "line 8 birth_date", "'12335'")),
    broken("a crosswalk that is not named", MAPPING, "code sex", "code",
           Found(MAPPING, "line 9 sex", "wrong arguments for code", "code")),
    broken("a word of two fields on one", MAPPING, "sex | code sex", "sex | when 1 | code sex",
           Found(MAPPING, "line 9 sex", "when takes 2 fields, here are 1")),
    broken("two fields that no word joins", MAPPING, '"sex | code sex"', '"sex mark_1"',
           Found(MAPPING, "line 9 sex", "several fields", "write join or first")),
    broken("a word for text on a number", MAPPING, 'amount = "amount"', 'amount = "amount | trim"',
           Found(MAPPING, "line 10 amount", "trim")),
    broken("an empty step", MAPPING, "sex | code sex", "sex | | code sex",
           Found(MAPPING, "line 9 sex", "cannot read", "field | word argument | word"), UNREAD),
    broken("an empty recipe", MAPPING, "sex | code sex", "",
           Found(MAPPING, "line 9 sex", "cannot read", "field | word argument | word"), UNREAD),
    broken("a quotation without end", MAPPING, "sex | code sex", "sex | code 'sex",
           Found(MAPPING, "line 9 sex", "cannot read", "field | word argument | word"), UNREAD),
    broken("a skip on an unknown field", MAPPING, "person_no = '000000'", "persn_no = '000000'",
           Found(MAPPING, "line 28 when", "persn_no")),
    broken("a skip that is no SQL", MAPPING, "person_no = '000000'", "person_no = = '0'",
           Found(MAPPING, "line 28 when", "person_no = = '0'")),
    broken("a skip that is no condition", MAPPING, "person_no = '000000'", "person_no",
           Found(MAPPING, "line 28 when", "person_no")),
    broken("the second skip", MAPPING, "[[example]]",
           '[[skip]]\nwhen = "persn_no is null"\nbecause = "x"\n\n[[example]]',
           Found(MAPPING, "line 32 when", "persn_no")),
]  # fmt: skip

BYTES = [
    broken("bytes that do not add up", PERSON, "spare,L,32,9", "spare,L,32,8",
           Found(PERSON, "", "add up to 39 bytes, record_bytes is 40", "filler")),
    broken("a position behind the book's", PERSON, "birth,L,18,7", "birth,L,19,7",
           Found(PERSON, "birth", "the book says byte 19, the fields before it end at 17", "mend")),
    broken("fields that overlap", PERSON, "sex,L,25,1", "sex,L,20,1",
           Found(PERSON, "sex", "the book says byte 20, the fields before it end at 24", "mend")),
    broken("two fields of one name", PERSON, "sex,L,25", "birth,L,25",
           Found(PERSON, "birth", "two fields of one name"),
           ),
    broken("a field of the same name as one of a group", PERSON, "sex,L,25", "mark_1,L,25",
           Found(PERSON, "mark_1", "two fields of one name")),
    broken("a repetition without a group", PERSON, "mark,L,30,1,text,,marks,2",
           "mark,L,30,1,text,,,2",
           Found(PERSON, "mark", "times")),
    broken("a floating point of an odd size", PERSON, "name,L,8,10,wide", "name,L,8,10,float",
           Found(PERSON, "name", "4 or 8 bytes")),
    broken("a point in a text", PERSON, "name,L,8,10,wide,", "name,L,8,10,wide,2",
           Found(PERSON, "name", "wide has no scale")),
    broken("an unknown type", PERSON, "name,L,8,10,wide", "name,L,8,10,wid",
           Found(PERSON, "line 4 (name): type", "'wid'")),
    broken("bytes in words", PERSON, "name,L,8,10,wide", "name,L,8,ten,wide",
           Found(PERSON, "line 4 (name): bytes", "'ten'")),
    broken("a field without a label", PERSON, "name,L,8", "name,,8",
           Found(PERSON, "line 4 (name): label", "a value is missing", "write it down")),
    Case("a record type without fields",
         (Edit(HEAD, None, COLUMNS_OF_FIELDS), Edit(LAYOUT, 'as_of = "taken_at"\n', "")),
         (Found(HEAD, ""),)),
    broken("a record type whose CSV is missing", TAIL, None, None,
           Found(TAIL, "", "no such file")),
    broken("a record type without a name", LAYOUT, 'name = "head"\n', "",
           Found(LAYOUT, "record.1.name", "a value is missing", "write it down")),
    broken("two record types of one name", LAYOUT, TAIL_RECORD,
           '[[record]]\nname = "person"\ntag = [{ at = 1, is = ["9"] }]\n',
           Found(LAYOUT, "person", "twice")),
    broken("[record] for [[record]]", LAYOUT, "\n\n".join(TREE[LAYOUT].split("\n\n")[1:]),
           '[record]\nname = "person"\ntag = [{ at = 1, is = ["2"] }]\n',
           Found(LAYOUT, "record")),
    broken("a record type without a tag", LAYOUT, 'tag = [{ at = 1, is = ["9"] }]\n', "",
           Found(LAYOUT, "record", "no tag tells tail apart", "write a tag")),
    broken("a tag of two lengths", LAYOUT, 'is = ["9"]', 'is = ["9", "10"]',
           Found(LAYOUT, "tail", "tag at 1: wants values of one length")),
    broken("a tag outside the record", LAYOUT, 'at = 1, is = ["9"]', 'at = 41, is = ["9"]',
           Found(LAYOUT, "tail", "tag at 41")),
    broken("two record types of one tag", LAYOUT, 'is = ["9"]', 'is = ["2"]',
           Found(LAYOUT, "tail", "person")),
    broken("a claim by an unknown field", LAYOUT, 'field = "people"', 'field = "peple"',
           Found(LAYOUT, "tail", "no field 'peple'", "'people'")),
    broken("a claim about an unknown record type", LAYOUT, 'counts = ["person"]',
           'counts = ["persn"]',
           Found(LAYOUT, "tail", "no record type 'persn'", "'person'")),
    broken("an extraction time in an unknown field", LAYOUT, 'as_of = "taken_at"',
           'as_of = "taken"',
           Found(LAYOUT, "head", "no field 'taken'", "'taken_at'")),
    broken("an unknown encoding", LAYOUT, '"cp932"', '"cp93"',
           Found(LAYOUT, "line 4 encoding", "no encoding 'cp93'", "did you mean 'cp932'?")),
]  # fmt: skip

SETTLED = [
    broken("a column that is not settled", MAPPING, 'remark = "nobody remarked"\n', "",
           Found(MAPPING, "remark", "column remark is not settled", "[left_empty]")),
    broken("a field that is not settled", MAPPING, 'mark_2 = "a mark"\n', "",
           Found(MAPPING, "mark_2", "field mark_2 is not settled", "[not_migrated]")),
    broken("a column that is settled twice", MAPPING, "[left_empty]", '[left_empty]\nsex = "no"',
           Found(MAPPING, "line 9 sex", "settled twice")),
    broken("a required column that is left empty", MAPPING, 'kind = "7"\n\n[left_empty]',
           '\n[left_empty]\nkind = "no"',
           Found(MAPPING, "line 16 kind", "a required column may not be left empty",
                 "[constants]")),
    broken("an unknown column left empty", MAPPING, "remark =", "remrk =",
           Found(MAPPING, "line 18 remrk", "'remrk'", "'remark'"),
           Found(MAPPING, "remark", "column remark is not settled", "[left_empty]")),
    broken("an unknown column for alerts only", MAPPING, "[[skip]]",
           '[alert_only]\nnam = "x"\n\n[[skip]]',
           Found(MAPPING, "line 28 nam", "'nam'", "'name'")),
    broken("an unknown field in a recipe", MAPPING, '"birth |', '"brth |',
           Found(MAPPING, "line 8 birth_date", "no field 'brth'", "'birth'"),
           Found(MAPPING, "birth", "field birth is not settled", "[not_migrated]")),
    broken("an unknown field carried along", MAPPING, "mark_1 =", "mark_3 =",
           Found(MAPPING, "line 21 mark_3", "no field 'mark_3'", "'mark_"),
           Found(MAPPING, "mark_1", "field mark_1 is not settled", "[carried]")),
    broken("a field that is used and not migrated", MAPPING, "mark_2 =", 'sex = "x"\nmark_2 =',
           Found(MAPPING, "line 9 sex", "not to be migrated, yet it is used")),
    broken("an unknown record type", MAPPING, "acme/people person", "acme/people persn",
           Found(MAPPING, "line 1 reads", "no record type 'persn'", "'person'")),
    broken("an unknown layout", MAPPING, "acme/people person", "acme/peple person",
           Found(MAPPING, "line 1 reads", "peple'", "people'")),
    broken("an unknown table", MAPPING, "90_people/people", "90_people/peple",
           Found(MAPPING, "line 2 writes", "peple'", "people'")),
    broken("an unknown area", MAPPING, "90_people/people", "90_peple/people",
           Found(MAPPING, "line 2 writes", "90_peple", "90_people")),
]  # fmt: skip

CODES = [
    broken("a crosswalk to a code outside the list", WALK, "M,1,", "M,3,",
           Found(WALK, "from M", "'3'", "there are 1, 2")),
    broken("a crosswalk with a code twice", WALK, "F,2,", "M,2,",
           Found(WALK, "M", "comes twice")),
    broken("a crosswalk that is missing", WALK, None, None,
           Found(WALK, "", "no crosswalk 'sex")),
    broken("a crosswalk of another name", MAPPING, "code sex", "code sez",
           Found("mappings/acme/codes/sez.csv", "", "no crosswalk 'sez", "did you mean 'sex")),
    broken("a code list with a code twice", SEXES, "2,female", "1,female",
           Found(SEXES, "1", "code '1' comes twice")),
    broken("a code list that comes twice", LISTS, "K01,sexes,1,list,,G,\n",
           "K01,sexes,1,list,,G,\n" * 2,
           Found(LISTS, "K01", "comes twice")),
    broken("a code list without values", SEXES, None, None,
           Found(LISTS, "K01", "has no values")),
    broken("a code list that includes a missing one", LISTS, "list,K01,G", "list,K01 K09,G",
           Found(LISTS, "K02", "'K09'")),
    broken("a code longer than its column", KINDS, "7,seven", "7,seven,\n77,more",
           Found(TABLE, "kind", "its codes have 2 characters, the column 1")),
    broken("a code list for a column of numbers", TABLE, "amount,L,S9,6,,,,",
           "amount,L,S9,6,,,K01,",
           Found(TABLE, "amount", "K01")),
    broken("a constant outside its code list", MAPPING, 'kind = "7"', 'kind = "8"',
           Found(MAPPING, "line 14 kind", "'8'", "there are 1, 2, 7")),
    broken("a constant of an unknown value of the run", MAPPING, '"{city}"', '"{town}"',
           Found(MAPPING, "line 13 city_code", "no value of the run 'town'", "city")),
    broken("an unknown value of the run within a constant", MAPPING, '"{city}"', '"A{town}"',
           Found(MAPPING, "line 13 city_code", "no value of the run 'town'", "city")),
    broken("a constant with half a brace", MAPPING, '"{city}"', '"A{"',
           Found(MAPPING, "line 13 city_code", "'A{'")),
    Case("a constant that its column, a number, cannot hold",
         (Edit(MAPPING, 'amount = "amount"\n', ""), Edit(MAPPING, 'kind = "7"',
          'kind = "7"\namount = "x"'),
          Edit(MAPPING, "mark_2 =", 'amount = "no"\nmark_2 =')),
         (Found(MAPPING, "line 14 amount", "'x'"),)),
]  # fmt: skip

TABLES = [
    broken("a reference to a missing table", TABLE, "people.person_no", "peple.person_no",
           Found(TABLE, "parent_no", "no table 'peple'", "'people'")),
    broken("a reference to a missing column", TABLE, "people.person_no", "people.persn_no",
           Found(TABLE, "parent_no", "no column 'persn_no'", "'person_no'")),
    broken("a reference to a missing code list", TABLE, ",K02,", ",K03,",
           Found(TABLE, "kind", "no code list 'K03'", "'K0")),
    broken("an order by a missing column", AREA, '["person_no"]', '["persn_no"]',
           Found(TABLE, "order", "no column 'persn_no'", "'person_no'")),
    broken("an unknown check", TABLE, ",,,city_code,", ",,,city_cod,",
           Found(TABLE, "city_code", "no check 'city_cod'", "did you mean 'city_code'?")),
    broken("a table whose CSV is missing", TABLE, None, None,
           Found(TABLE, "", "no such file")),
    broken("two columns of one name", TABLE, "remark,L,N", "name,L,N",
           Found(TABLE, "name", "comes twice")),
    broken("a key that is not required", TABLE, "person_no,L,X,8,yes,yes", "person_no,L,X,8,,yes",
           Found(TABLE, "person_no", "a key column must be required")),
    broken("a table without a key", TABLE, TREE[TABLE], TREE[TABLE].replace(",yes,yes,", ",yes,,"),
           Found(TABLE, "", "key")),
    broken("a fraction without its length", TABLE, "amount,L,S9,6", "amount,L,9V,6",
           Found(TABLE, "amount", "9V")),
    broken("a number beyond 18 digits", TABLE, "amount,L,S9,6", "amount,L,S9,19",
           Found(TABLE, "amount", "18 digits")),
    broken("two tables of one name", AREA, "[[table]]",
           '[[table]]\nid = "9002"\nname = "people"\ntitle = "Others"\n\n[[table]]',
           Found(AREA, "people", "twice")),
]  # fmt: skip

FILES = [
    broken("bad TOML in a mapping", MAPPING, "[columns]", "[columns",
           Found(MAPPING, "", "line 5")),
    broken("bad TOML in a layout", LAYOUT, '"lf"', "lf",
           Found(LAYOUT, "", "line 5")),
    broken("a CSV row that is too short", PERSON, "sex,L,25,1,text,,,,,", "sex,L,25,1,text,,,,",
           Found(PERSON, "line 6", "10 columns")),
    broken("a CSV row that is too long", WALK, "F,2,", "F,2,,",
           Found(WALK, "line 3", "3 columns")),
    broken("a CSV cell without its closing quote", WALK, "M,1,", 'M,"1,',
           Found(WALK, "", "unexpected end of data")),
]  # fmt: skip

EXAMPLES = [
    broken("an example that fails", MAPPING, 'expect = { birth_date = "1989-01-07"',
           'expect = { birth_date = "1989-01-08"',
           Found(MAPPING, "example 1 (the last day of an era)",
                 "birth_date is '1989-01-07', expected '1989-01-08'")),
    broken("an example that expects a refusal in vain",
           MAPPING, 'expect = { birth_date = "1989-01-07"',
           'expect = { birth_date = "!era_date"',
           Found(MAPPING, "example 1", "birth_date is '1989-01-07', expected '!era_date'")),
    broken("an example that is refused", MAPPING, 'given = { birth = "3640107"',
           'given = { birth = "3640108"',
           Found(MAPPING, "example 1", "birth_date is '!era_date', expected '1989-01-07'")),
    broken("an example that is skipped", MAPPING, 'person_no = "42"', 'person_no = "000000"',
           Found(MAPPING, "example 1", "birth_date is '!skip', expected '1989-01-07'"),
           Found(MAPPING, "example 1", "person_no is '!skip', expected '00000042'")),
    broken("an example with an unknown field", MAPPING, "given = { birth =", "given = { brth =",
           Found(MAPPING, "example 1", "no field 'brth'", "'birth'")),
    broken("an example with an unknown column", MAPPING, "expect = { birth_date",
           "expect = { birth_dat",
           Found(MAPPING, "example 1", "no column 'birth_dat'", "'birth_date'")),
    broken("an example with words for a number", MAPPING, 'person_no = "42" }', 'amount = "x" }',
           Found(MAPPING, "example 1", "number")),
]  # fmt: skip

CASES = [*KEYS, *WORDING, *BYTES, *SETTLED, *CODES, *TABLES, *FILES, *EXAMPLES]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    speak("en")
    yield
    speak(before)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The knowledge tree, whole."""
    return planted(tmp_path)


def planted(folder: Path, *edits: Edit) -> Path:
    """The knowledge tree with some of it edited, written below a folder."""
    tree: dict[str, str | None] = dict(TREE)
    for file, old, new in edits:
        text = tree[file]
        if old is None or text is None or new is None:
            tree[file] = new
            continue
        assert text.count(old) == 1, f"{old!r} does not stand once in {file}"
        tree[file] = text.replace(old, new)
    for file, text in tree.items():
        if text is not None:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
    return folder.resolve()


def below(root: Path, found: list[Problem]) -> list[Found]:
    """The problems of the files under a root, by their path in it."""
    return [
        Found(p.path.relative_to(root).as_posix(), p.place, p.cause, p.remedy)
        for p in found
        if p.path.is_relative_to(root)
    ]


@cache
def linted(*edits: Edit) -> list[Found]:
    """What lint finds in the edited tree alone: the shipped knowledge is left out, for speed."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        root = planted(Path(folder), *edits)
        patch.setattr(catalog_module, "shipped", lambda: root)
        return below(root, problems(Catalog(root))[0])


def fits(got: Found, wanted: Found) -> bool:
    return got.file == wanted.file and all(w in g for g, w in zip(got, wanted, strict=True))


def test_the_whole_tree_has_no_problems() -> None:
    assert linted() == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_what_is_broken_is_named_and_nothing_else(case: Case) -> None:
    found = linted(*case.edits)
    assert len(found) == len(case.found), found
    for wanted in case.found:
        assert any(fits(got, wanted) for got in found), (wanted, found)


def test_every_problem_says_what_to_do() -> None:
    found = {p for case in CASES for p in linted(*case.edits)}
    assert sorted(p for p in found if not p.remedy.removeprefix("there are ").strip()) == []


FIVE_FILES = {
    "an unknown encoding": "no encoding 'cp93'",
    "an order by a missing column": "no column 'persn_no'",
    "an unknown check": "no check 'city_cod'",
    "a reference to a missing table": "no table 'peple'",
    "a crosswalk to a code outside the list": "'3'",
}
FIVE_LINES = {
    "an unknown word": "no word 'era_dat'",
    "a word with an argument too many": "wrong arguments for pad",
    "a column that is not settled": "column remark is not settled",
    "a field that is not settled": "field mark_2 is not settled",
    "a constant outside its code list": "'8'",
}


@pytest.mark.parametrize("five", [FIVE_FILES, FIVE_LINES], ids=["of five files", "of one mapping"])
def test_five_things_broken_at_once_are_all_reported_together(five: dict[str, str]) -> None:
    chosen = [case for case in CASES if case.what in five]
    causes = [p.cause for p in linted(*(edit for case in chosen for edit in case.edits))]
    assert len(chosen) == 5
    assert [sum(piece in cause for cause in causes) for piece in five.values()] == [1] * 5, causes
    assert len(causes) == 5, causes


def test_a_tree_of_ones_own_lies_beside_the_shipped_knowledge(root: Path) -> None:
    found, counts = problems(Catalog(root))
    assert found == []
    assert counts["areas"] == 17
    assert counts["tables"] == 60
    assert counts["code lists"] == 110


def test_a_broken_tree_is_named_beside_the_shipped_knowledge(tmp_path: Path) -> None:
    root = planted(tmp_path, Edit(MAPPING, "era_date", "era_dat"))
    found = below(root, problems(Catalog(root))[0])
    assert found == [
        Found(MAPPING, "line 8 birth_date", "no word 'era_dat'", "did you mean 'era_date'?")
    ]


def test_the_shipped_knowledge_has_no_problems_and_is_all_there() -> None:
    found, counts = problems(Catalog(shipped()))
    assert found == []
    wanted = {"areas": 16, "tables": 59, "columns": 1617, "code lists": 108}
    assert {what: counts[what] for what in wanted} == wanted
    assert counts["mappings"] >= 2
    assert counts["examples"] >= 29


@pytest.mark.parametrize(
    ("edits", "code", "last"),
    [
        ((), CLEAN, "no problems"),
        ((Edit(MAPPING, "era_date", "era_dat"),), NOT_PROCESSED, "1 problems"),
        ((Edit(MAPPING, "era_date", "era_dat"), Edit(WALK, "M,1,", "M,3,")),
         NOT_PROCESSED, "2 problems"),
    ],
)  # fmt: skip
def test_the_command_ends_with_12_where_anything_is_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    edits: tuple[Edit, ...],
    code: int,
    last: str,
) -> None:
    root = planted(tmp_path, *edits)
    monkeypatch.setattr(catalog_module, "shipped", lambda: root)
    assert settle(cli.main, ["lint", "--root", str(root)]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith(last)
    assert len(lines) == 1 + len(edits)


@pytest.mark.parametrize(
    ("word", "known", "remedy"),
    [
        ("era_dat", WORDS, "did you mean 'era_date'?"),
        ("widden", WORDS, "did you mean 'widen'?"),
        ("befor_space", WORDS, "did you mean 'before_space'?"),
        ("unknown_word", WORDS, "did you mean 'unknown_wording'?"),
        ("qqq", ["b", "a"], "there are a, b"),
        (
            "qqq",
            map(str, range(10, 30)),
            "there are " + ", ".join(map(str, range(10, 22))) + " ...",
        ),
    ],
)
def test_the_nearest_name_is_suggested(word: str, known: list[str], remedy: str) -> None:
    assert unknown("word", word, known) == (f"no word {word!r}", remedy)


@pytest.mark.parametrize(
    ("name", "what", "cause", "remedy"),
    [
        ("ja", "an unknown word", "語 'era_dat' はありません", "'era_date' の誤りではありませんか"),
        ("en", "an unknown word", "no word 'era_dat'", "did you mean 'era_date'?"),
        ("ja", "bytes that do not add up", "項目の合計は 39 バイト", "record_bytes を直す"),
        ("en", "bytes that do not add up", "add up to 39 bytes", "mend record_bytes"),
        ("ja", "a column that is not settled", "列 remark の扱いが決まっていません", "理由を書く"),
        ("en", "a column that is not settled", "column remark is not settled", "give a reason"),
        ("ja", "an unknown check", "検査 'city_cod' はありません", "'city_code' の誤り"),
        ("en", "an unknown check", "no check 'city_cod'", "did you mean 'city_code'?"),
        ("ja", "a key of a layout that comes late", "キー 'zzz' はありません", "あるのは"),
        ("en", "a key of a layout that comes late", "no key 'zzz'", "there are"),
    ],
)
def test_problems_are_told_in_the_language_asked_for(
    name: str, what: str, cause: str, remedy: str
) -> None:
    late = broken("a key of a layout that comes late", LAYOUT, "newline =", "zzz = 1\nnewline =")
    edits = next(case.edits for case in [*CASES, late] if case.what == what)
    speak(name)
    found = linted.__wrapped__(*edits)
    assert [(cause in p.cause, remedy in p.remedy) for p in found] == [(True, True)], found
