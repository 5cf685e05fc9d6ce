"""Item lists (項目定義書) in workbooks, as vendors and agencies publish them: read, understood, written down as ours.

opened(path)                       the sheets of a file: texts, merged cells, comments, what is hidden or struck out
item_lists(sheet, words)           the lists on a sheet: header, items, what was left out and why
understood(path, words)            all lists of a file, or a refusal that names the titles seen
table_of(items, words)             an item list as the columns of a standard table
record_of(items, words)            an item list as the fields of a record type
"""

from migrate.catalog.workbook.grid import Sheet, opened
from migrate.catalog.workbook.items import Item, ItemList, Remark, item_lists
from migrate.catalog.workbook.record import record_of
from migrate.catalog.workbook.table import table_of
from migrate.catalog.workbook.understood import understood
from migrate.catalog.workbook.words import Words, words_of

__all__ = [
    "Item",
    "ItemList",
    "Remark",
    "Sheet",
    "Words",
    "item_lists",
    "opened",
    "record_of",
    "table_of",
    "understood",
    "words_of",
]
