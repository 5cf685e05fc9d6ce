"""The shards of a folder, from which a run takes what they have made: `with held(folder) as shards`."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from polars.exceptions import PolarsError

from migrate.books import Options
from migrate.errors import SourceError
from migrate.language import say
from migrate.pipeline.publish import SHARD, alone
from migrate.pipeline.saved import unpacked
from migrate.pipeline.shard import (
    ASKED,
    FACTS,
    MERGED,
    facts_of,
    lock_of,
    member_of,
    name_of,
    owner,
)
from migrate.pipeline.through import stamp
from migrate.write.staged import Staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrate.convert.characters import Characters
    from migrate.pipeline.export import Job
    from migrate.pipeline.through import Made
    from migrate.pipeline.work import Work
    from migrate.read.framing import Block


@contextmanager
def held(folder: Path) -> Iterator[Shards]:
    """All shards of a folder, nobody else's meanwhile. Raises SourceError where they are not all there, do not
    belong together, or their source has changed; BusyError where one is being made."""
    names = _complete(folder)
    with ExitStack() as opened:
        for name in names:
            opened.enter_context(alone(folder, lock_of(name)))
        yield Shards(folder, [opened.enter_context(_opened(folder / name)) for name in names])


def merged(folder: Path) -> int | None:
    """The exit code of a merge that was killed when all was done but the removal, which is done now."""
    if not (folder / MERGED).exists():
        return None
    facts = json.loads((folder / MERGED).read_text(encoding="utf-8"))
    names = [name_of(number + 1, facts["count"]) for number in range(facts["count"])]
    with ExitStack() as opened:
        for name in names:
            opened.enter_context(alone(folder, lock_of(name)))
        _remove(folder, names)
    return int(facts["exit_code"])


class Shards:
    """All shards of a folder, in their order, held and open."""

    def __init__(self, folder: Path, archives: Sequence[ZipFile]) -> None:
        self._folder, self._archives = folder, archives
        self.names = [name_of(number + 1, len(archives)) for number in range(len(archives))]
        self._facts = [
            _read(folder / name, archive)
            for name, archive in zip(self.names, archives, strict=True)
        ]
        self._first = self._facts[0]
        for name, facts in zip(self.names, self._facts, strict=True):
            _insist_alike(folder / name, facts, self._first, self.names[0])
        now = {path: _stamp_or_none(Path(path)) for path in self._first["files"]}
        self._insist({"files": now})

    @property
    def mappings(self) -> list[str]:
        return list(self._first["asked"]["mappings"])

    @property
    def source(self) -> Path:
        return Path(self._first["asked"]["source"])

    @property
    def options(self) -> Options:
        """What the shards were asked for."""
        asked: dict[str, Any] = {name: self._first["asked"][name] for name in ASKED}
        asked = {name: tuple(v) if isinstance(v, list) else v for name, v in asked.items()}
        return Options(**asked)

    def insist(self, work: Work) -> None:
        """Raises SourceError where the run that would merge them is not the one that they are parts of."""
        self._insist(facts_of(work))

    def _insist(self, here: dict[str, Any]) -> None:
        whose = say("今のもの", "what is here now")
        _insist_alike(self._folder / self.names[0], self._first, here, whose)

    def of(self, number: int, job: Job) -> Part:
        """What they have made of the run's file of that number."""
        return Part(self, number, job)

    def member(self, which: int, name: str) -> bytes:
        """A member of one shard. Raises KeyError where it has none."""
        return self._archives[which - 1].read(name)

    def broken(self, which: int) -> SourceError:
        return _broken(self._folder / self.names[which - 1])

    def tell(self, characters: dict[str, Characters]) -> None:
        """Tell each table's characters of the twins that were rewritten."""
        for facts in self._facts:
            for table, count in facts["twins"].items():
                characters[table].twins += count

    def remove(self, exit_code: int) -> None:
        """They have been merged. What cuts this short leaves the rest to `merged`."""
        staged = Staged(self._folder)
        facts = {"count": len(self.names), "exit_code": exit_code}
        staged.path(MERGED).write_text(json.dumps(facts), encoding="utf-8")
        staged.publish()
        for archive in self._archives:
            archive.close()
        _remove(self._folder, self.names)


class Part(NamedTuple):
    """What the shards have made of one file."""

    shards: Shards
    number: int
    job: Job

    def made(self, block: Block) -> Made:
        """What they have made of a block. Raises SourceError where it is not there."""
        size, count = self.job.source.stat().st_size, len(self.shards.names)
        which = owner(self.number, block, size, count)
        try:
            return unpacked(self._members(which, block), block, self.job.layout)
        except (KeyError, ValueError, BadZipFile, PolarsError):
            raise self.shards.broken(which) from None

    def _members(self, which: int, block: Block) -> Callable[[str], bytes]:
        return lambda what: self.shards.member(which, member_of(self.number, block, what))


def _complete(folder: Path) -> list[str]:
    """The names of all shards, in their order. Raises SourceError where some are missing."""
    found = [
        re.fullmatch(r"shard-[1-9]\d*-of-([1-9]\d*)\.zip", path.name) for path in folder.glob(SHARD)
    ]
    counts = sorted({int(one[1]) for one in found if one})
    if not counts:
        cause = say("シャードがありません", "holds no shards")
        remedy = say(
            "migrate convert … --shard I/N で作る", "make them: migrate convert ... --shard I/N"
        )
        raise _refused(folder, cause, remedy)
    if len(counts) > 1:
        several = ", ".join(map(str, counts))
        cause = say(
            f"シャードの数 N が混ざっています ({several})",
            f"shards of several divisions (N = {several})",
        )
        remedy = say("要らない shard-*.zip を消す", "remove the shard-*.zip that do not belong")
        raise _refused(folder, cause, remedy)
    names = [name_of(number + 1, counts[0]) for number in range(counts[0])]
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        some = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
        cause = say(f"シャードが足りません ({some})", f"shards are missing ({some})")
        remedy = say("ほかと同じ指定で作る", "make them with the options of the others")
        raise _refused(folder, cause, remedy)
    return names


def _insist_alike(path: Path, facts: dict[str, Any], other: dict[str, Any], whose: str) -> None:
    """Raises SourceError at the first kind of facts that differ."""
    for kind, (called, remedy) in _kinds().items():
        one, two = facts[kind], other.get(kind, facts[kind])
        differing = [name for name in {**one, **two} if one.get(name) != two.get(name)]
        if differing:
            some = ", ".join(differing[:5]) + (" ..." if len(differing) > 5 else "")
            cause = say(
                f"{called}が{whose}と違います ({some})", f"{called} not those of {whose} ({some})"
            )
            raise _refused(path, cause, remedy)


def _kinds() -> dict[str, tuple[str, str]]:
    """Of each kind of facts, what it is called, and what to do where they differ."""
    anew = say("すべてのシャードを作り直す", "make all shards anew")
    return {
        "asked": (
            say("指定", "options"),
            say("同じ指定で作り直す", "make it anew with the same ones"),
        ),
        "program": (
            say("プログラムの版", "versions of the program"),
            say(f"同じ版を使うか、{anew}", f"use the same ones, or {anew}"),
        ),
        "knowledge": (
            say("レイアウトやマッピング", "layouts or mappings"),
            say(f"同じ --root を示すか、{anew}", f"name the same --root, or {anew}"),
        ),
        "files": (
            say("元のファイル", "source files"),
            say(f"元の場所に元のまま戻すか、{anew}", f"put them back as they were, or {anew}"),
        ),
    }


def _opened(path: Path) -> ZipFile:
    try:
        return ZipFile(path)
    except BadZipFile:
        raise _broken(path) from None


def _read(path: Path, archive: ZipFile) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(archive.read(FACTS))
    except (KeyError, ValueError, BadZipFile):
        raise _broken(path) from None
    if not found.keys() >= {*_kinds(), "twins"}:
        raise _broken(path)
    return found


def _stamp_or_none(path: Path) -> list[int] | None:
    return [*stamp(path)] if path.exists() else None


def _remove(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
        (folder / f".{name}.tmp").unlink(missing_ok=True)
        with suppress(OSError):  # some systems keep a lock's file as long as it is held
            (folder / lock_of(name)).unlink()
    (folder / MERGED).unlink()


def _broken(path: Path) -> SourceError:
    cause = say("壊れているか、途中までです", "is damaged or cut short")
    return _refused(path, cause, say("同じ指定で作り直す", "make it anew with the same options"))


def _refused(path: Path, cause: str, remedy: str) -> SourceError:
    return SourceError(f"{path}: {cause}; {remedy}")
