"""How a file is divided: newlines, record lengths, length prefixes, what stands before and behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrate.language import say
from migrate.peek.figures import Confidence, Length, Statement, Structure
from migrate.peek.material import MARKS, Tally, narrow, tally
from migrate.peek.periods import LONGEST, Period, divisors, lead_of, period
from migrate.peek.prefixes import FEW, Chain, chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW_LENGTHS = 8


@dataclass(frozen=True)
class Divided:
    """The structure, and what was counted on the way."""

    structure: Structure
    tally: Tally
    borders: tuple[int, ...] = ()  # places where records with a length before them begin


def structure(path: Path, head: bytes, encoding: str, progress: Callable[[int], object]) -> Divided:
    """The division into records, from the head of the file and counts over all of it."""
    size = path.stat().st_size
    host = encoding.startswith(("ebcdic", "ibm", "jef", "keis", "jipse")) and encoding != "ibm943"
    newline = _newline(narrow(head, encoding), host=host)
    linked = chain(path, size, leading=newline == "none") if size >= 5 else None
    if linked and (newline == "none" or linked.records >= FEW):
        newline = "none"
    else:
        linked = None
    counted = tally(path, newline, encoding, progress)
    end_mark = size > 1 and head[-1:] == b"\x1a" if size <= len(head) else _last(path) == b"\x1a"
    facts = {
        "end_mark": end_mark,
        "nul": int(counted.bytes[0]),
        "high": int(counted.bytes[0xFF]),
    }
    if linked:
        found = _prefixed(linked, counted)
    elif newline == "none":
        found = _periodic(head, size - end_mark, counted, _end(path))
    else:
        found = _lines(newline, counted, end_mark=end_mark)
    borders = tuple(linked.borders) if linked else ()
    return Divided(found.model_copy(update=facts), counted, borders)


def _end(path: Path) -> bytes:
    """The last bytes of the file."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2 * LONGEST))
        return file.read()


def _last(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1)


def _newline(head: bytes, *, host: bool) -> str:
    """The newline that divides records, by the head of the file; none where bytes 0A only happen."""
    candidates = ("crlf", "nel", "nel25") if host else ("crlf", "lf", "cr")
    for name in candidates:
        mark = MARKS[name]
        lengths = [len(p) for p in head.split(mark)[:-1]]
        if not lengths:
            continue
        alone = head.count(mark[-1:])
        usual = max(set(lengths), key=lengths.count)
        even = lengths.count(usual) >= 0.6 * len(lengths) and len(lengths) >= 3 and usual > 1
        others = sum(b in head for b in (b"\r", b"\n")) if name == "lf" else 0
        ended = (
            name == "crlf" and head.endswith(mark) and len(lengths) < 3 and alone == len(lengths)
        )
        if ended or (even and len(lengths) * 10 >= alone):
            return name
        if not host and _text(head) and max(lengths, default=0) <= 65536:
            if name == "crlf" and len(lengths) * 2 >= alone:
                return name
            if name == "lf" or (name == "cr" and not others and len(lengths) > 1):
                return name
        if host and name != "crlf" and _text(head) and len(head) // (len(lengths) + 1) < 2000:
            return name
    return "none"


def _text(data: bytes) -> bool:
    """Hardly a control character but newlines, tabulators, shifts and escapes."""
    known = bytes({*range(0x20)} - {9, 10, 12, 13, 14, 15, 0x15, 0x1A, 0x1B})
    controls = len(data) - len(data.translate(None, known))
    return controls * 200 <= len(data)


def _counts(counted: Tally) -> str:
    return say(
        f"CRLF {counted.crlf:,}、LF だけ {counted.alone('lf'):,}、CR だけ {counted.alone('cr'):,}",
        f"{counted.crlf:,} CRLF, {counted.alone('lf'):,} LF alone, {counted.alone('cr'):,} CR alone",
    )


def _lines(newline: str, counted: Tally, *, end_mark: bool) -> Structure:
    """Records that end with a newline."""
    lengths = counted.lengths.copy()
    rest = counted.last - end_mark
    if rest > 0:
        lengths[rest] += 1
    total = sum(lengths.values())
    common = [Length(length=n, count=c) for n, c in lengths.most_common(6)]
    usual = common[0]
    here = counted.alone(newline)
    foreign = {n: counted.alone(n) for n in ("crlf", "lf", "cr") if n != newline}
    mixed = newline in ("crlf", "lf", "cr") and sum(foreign.values()) > 0.02 * here
    evidence = [_counts(counted)]
    if newline.startswith("nel"):
        evidence = [
            say(f"{MARKS[newline].hex()} {here:,}", f"{here:,} bytes {MARKS[newline].hex()}")
        ]
    if any(foreign.values()) and newline in foreign | {newline: 0}:
        evidence.append(say("ほかの改行もある: 値の中かもしれない", "other newlines are there, too: perhaps within values"))  # fmt: skip
    if not counted.last:
        evidence.append(say("最後のレコードも改行で終わる", "the last record ends with it, too"))
    said = Statement(
        value="mixed" if mixed else "nel" if newline == "nel25" else newline,
        confidence="likely" if mixed or here < FEW or newline.startswith("nel") else "certain",
        alternatives=[newline] if mixed else [],
        evidence=evidence,
    )
    same = usual.count / total
    fact = say(f"改行までの長さ: {total:,} 件中 {usual.count:,} 件が {usual.length:,} バイト",
               f"{usual.count:,} of {total:,} lines have {usual.length:,} bytes")  # fmt: skip
    length, confidence = _lengths(same, total, len(lengths))
    fixed = length == "fixed"
    record = Statement(
        value=str(usual.length) if fixed else "variable", confidence=confidence, evidence=[fact],
        alternatives=["variable" if fixed else str(usual.length)] if confidence == "undecided" else [],
    )  # fmt: skip
    return Structure(
        newline=said,
        record=record,
        form="fixed" if fixed else "lines",
        record_bytes=usual.length if fixed else 0,
        stride=usual.length + len(MARKS[newline]) if fixed and same == 1 else 0,
        records=0 if counted.many else total,
        lengths=common,
    )


def _lengths(same: float, total: int, different: int) -> tuple[str, Confidence]:
    """Whether lines are records of one length: nearly all are, and there are enough to say so."""
    if total < FEW:
        return ("fixed", "undecided") if different == 1 else ("variable", "undecided")
    if same == 1:
        return "fixed", "certain" if total >= 5 else "likely"
    if same >= 0.98 and total >= 50:
        return "fixed", "likely"
    return "variable", "certain" if same < 0.5 and total >= 10 else "likely"


def _prefixed(found: Chain, counted: Tally) -> Structure:
    """Records that begin with their length."""
    names = {"bdw": "BDW+RDW", "rdw": "RDW", "rdw_exclusive": "RDW", "rdw_little": "RDW"}
    common = [Length(length=n, count=c) for n, c in found.lengths.most_common(6)]
    reach = say("ファイルの終わりに着く", "ends at the end of the file") if found.reaches else say(
        f"その後に {found.tail:,} バイト残る", f"leaves {found.tail:,} bytes behind it")  # fmt: skip
    fact = say(
        f"{names[found.prefix]} の鎖 {found.records:,} 件（先頭の {found.lead:,} バイトの後）、{reach}",
        f"a chain of {found.records:,} {names[found.prefix]} (behind {found.lead:,} bytes) {reach}",
    )
    sure = found.reaches and found.records >= 5 and not found.lead
    record = Statement(
        value=found.prefix,
        confidence="certain" if sure else "likely",
        evidence=[fact],
        alternatives=[] if found.records >= FEW else ["none"],
    )
    none = Statement(value="none", confidence="certain" if sure else "likely",
                     evidence=[say("長さが前に付く", "the length stands before the record")])  # fmt: skip
    return Structure(
        newline=none, record=record, form="prefixed", lead_bytes=found.lead, tail_bytes=found.tail,
        records=found.records, lengths=common, nul=int(counted.bytes[0]),
    )  # fmt: skip


def _periodic(head: bytes, size: int, counted: Tally, end: bytes) -> Structure:
    """Records of one length without newline, by how a file repeats itself."""
    fitting = divisors(size)
    document = head.lstrip()[:1] in (b"{", b"[", b"<") and _text(head)
    found = Period() if document else period(head[:size], size)
    none = Statement(value="none", confidence="certain" if size and not _marks(counted) else "likely",
                     evidence=[_counts(counted)])  # fmt: skip
    shown = fitting if len(fitting) <= 40 else fitting[:40]
    if not found.stride:
        reason = say("繰り返しが見えない", "nothing in it repeats itself")
        if document:
            reason = say("JSON か XML の書き出し", "it begins like JSON or XML")
        record = Statement(value="", confidence="undecided", evidence=[reason], alternatives=["variable"] if document else [str(n) for n in fitting[-12:]])  # fmt: skip
        return Structure(newline=none, record=record, form="blob", divisors=shown)
    rest = size % found.stride
    lead = lead_of(head[:size], end, size, found.stride)
    records = size // found.stride
    confidence, why = _trusted(found, size, fitting)
    fact = say(
        f"{found.stride:,} バイトごとに文字の種類が {found.likeness:.1%} 一致（ほかの間隔では {found.chance:.1%}）。大きさ {size:,} = {records:,} × {found.stride:,} + {rest:,}",
        f"every {found.stride:,} bytes {found.likeness:.1%} of the classes come again (at any distance {found.chance:.1%});"
        f" size {size:,} = {records:,} x {found.stride:,} + {rest:,}",
    )
    if confidence == "certain":
        none = none.model_copy(update={"confidence": "certain"})
    record = Statement(
        value=str(found.stride),
        confidence=confidence,
        alternatives=[str(n) for n in found.rivals]
        + ([str(n) for n in fitting[-6:]] if confidence == "undecided" else []),
        evidence=[fact, *why],
    )
    return Structure(
        newline=none, record=record, form="fixed", record_bytes=found.stride, stride=found.stride,
        records=records, divisors=shown, lead_bytes=lead, tail_bytes=rest - lead,
    )  # fmt: skip


def _trusted(found: Period, size: int, fitting: list[int]) -> tuple[Confidence, list[str]]:
    records, rise = size // found.stride, found.likeness - found.chance
    whole = found.stride in fitting
    why = []
    if not whole:
        why.append(say("ファイルの大きさを割り切らない: 前後に別のものがあるか、切れている",
                       "does not divide the file: something else stands before or behind, or it is cut"))  # fmt: skip
    if found.rivals:
        some = ", ".join(map(str, found.rivals))
        why.append(say(f"他の間隔も似ている: {some}", f"other distances look alike: {some}"))
    if (
        whole
        and records >= 20
        and rise >= 0.15
        and found.peak >= 0.05
        and not found.rivals
        and size >= 2000
    ):
        return "certain", why
    enough = size >= 2000 or (found.peak >= 0.15 and records < 200)
    if records >= 4 and rise >= 0.06 and (whole or records >= 20) and enough and found.stride > 3:
        return "likely", why
    return "undecided", why


def _marks(counted: Tally) -> int:
    return counted.crlf + counted.alone("lf") + counted.alone("cr")
