"""The shape of a text without what it says: `masked`."""

from __future__ import annotations

_CLASSES = {
    "digit": [("0", "9")],
    "letter": [("A", "Z"), ("a", "z")],
    "kana": [("\uff61", "\uff9f")],
    "gaiji": [("\ue000", "\uf8ff")],
    "invalid": [("\ufffd", "\ufffd")],
    "kanji": [("\u4e00", "\u9fff"), ("\u3400", "\u4dbf"), ("\uf900", "\ufaff"), ("々", "々")],
}
SHAPES = {
    "digit": "9",
    "letter": "A",
    "kana": "ｱ",
    "kanji": "漢",
    "wide": "全",
    "gaiji": "外",
    "invalid": "?",
}


def masked(text: str) -> str:
    """The shape of a text without what it says.

    >>> masked("山田　ﾀﾛｳ 12-A")
    '漢漢　ｱｱｱ 99-A'
    """
    return "".join(SHAPES.get(kind(c), c) for c in text)


def kind(character: str) -> str:
    """The class of a character.

    >>> kind("山"), kind("ｱ"), kind("、"), kind("-")
    ('kanji', 'kana', 'wide', 'sign')
    """
    if character in " \u3000":
        return "blank"
    for name, ranges in _CLASSES.items():
        if any(low <= character <= high for low, high in ranges):
            return name
    return "control" if character < " " else "sign" if character < "\x7f" else "wide"
