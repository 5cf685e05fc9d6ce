"""Names and labels of fields from data names and comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def prefix(names: Iterable[str], head: str = "") -> str:
    """What all names have before their first hyphen, hyphen included; nothing, if it does not set them apart.

    >>> prefix(["KGA-INSURED-NO", "KGA-SEQ"]), prefix(["KGA-NO", "NAME"]), prefix(["SOF-01", "SOF-02"])
    ('KGA-', '', '')
    >>> prefix(["TK-CODE", "備考", "TK-NAME"])
    'TK-'
    >>> prefix(["KG9-COUNT"]), prefix(["KG9-COUNT"], "KG9-TRAILER")
    ('', 'KG9-')
    """
    found = [name.upper() for name in names if name and name.isascii()]
    alone = [head.upper()] if len(found) == 1 and head else []
    firsts = {name.partition("-")[0] for name in (*found, *alone) if "-" in name[:-1]}
    if len(found) + len(alone) < 2 or len(firsts) != 1:
        return ""
    first = f"{firsts.pop()}-"
    rest = [name.removeprefix(first) for name in (*found, *alone) if name.startswith(first)]
    if len(rest) < len(found) + len(alone) or any(
        not re.match("[A-Z]", r) and r.isascii() for r in rest
    ):
        return ""
    return first


def snake(name: str, stripped: str = "") -> str:
    """A data name as a field's name, or nothing where it has letters that a field's name cannot have.

    >>> snake("KGA-INSURED-NO", "KGA-"), snake("2ND-NAME"), snake("被保番号"), snake("KJ-氏名")
    ('insured_no', 'f_2nd_name', '', '')
    """
    bare = name.upper().removeprefix(stripped)
    if not bare.isascii():
        return ""
    made = re.sub(r"[^a-z0-9]+", "_", bare.lower()).strip("_")
    return made if not made or made[0].isalpha() else f"f_{made}"


def labelled(comment: str, remark: str, name: str) -> tuple[str, str]:
    """Label and note of a field: the comment's first word if it is Japanese, else the remark's, else the data name.

    >>> labelled("被保番号 10桁", "", "KGA-INSURED-NO")
    ('被保番号', '10桁')
    >>> labelled("", "ｼｭｯｶﾋﾞ", "JSTRR-04"), labelled("Policy holder", "I.100715", "HOLDER")
    (('ｼｭｯｶﾋﾞ', ''), ('HOLDER', 'Policy holder I.100715'))
    """
    first, rest = [*re.split(r"[ 　]+", comment.strip(), maxsplit=1), ""][:2]
    if first and not first.isascii():
        return first, " ".join(filter(None, (rest, remark)))
    if remark and not remark.isascii():
        return remark, comment
    return name, " ".join(filter(None, (comment, remark)))
