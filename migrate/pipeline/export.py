"""What is to be converted: one legacy file, or the files of an export's folder, each with its mappings."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import TYPE_CHECKING, NamedTuple

from migrate.errors import SourceError
from migrate.language import say
from migrate.read import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence
    from pathlib import Path

    from migrate.books import Options
    from migrate.model import Layout, Mapping


class Job(NamedTuple):
    """One legacy file and the mappings that read it."""

    source: Path
    mappings: tuple[Mapping, ...]

    @property
    def layout(self) -> Layout:
        return self.mappings[0].layout


class Export(NamedTuple):
    """All there is to convert, and what does not fit together."""

    jobs: tuple[Job, ...]
    unclaimed: tuple[str, ...] = ()  # files that no mapping reads
    absent: tuple[str, ...] = ()  # layouts without a file


def export(mappings: Sequence[Mapping], source: Path) -> Export:
    """The jobs of a file or of a folder. In a folder a layout's `file` says which files are its own.

    Raises SourceError where a file could be of several layouts, or none fits.
    """
    layouts = {m.layout.name: m.layout for m in mappings}
    readers = {n: tuple(m for m in mappings if m.layout.name == n) for n in layouts}
    found = files(layouts, source)
    todo = [Job(path, readers[n]) for n, paths in found.items() for path in paths]
    if not source.is_dir():
        return Export(tuple(todo))
    if len({j.source.stem for j in todo}) < len(todo):
        raise SourceError(
            say(
                f"{source}: 拡張子だけが違うファイルがあります",
                f"{source}: files that differ in their suffix alone",
            )
        )
    looked_up = [one.layout for m in mappings for one in m.lookups]
    claimed = [job.source for job in todo]
    claimed += [p for p in _inside(source) if any(_fits(p, layout) for layout in looked_up)]
    return Export(
        tuple(todo),
        tuple(p.name for p in _inside(source) if p not in claimed),
        tuple(f"{n} ({layouts[n].file or '-'})" for n, paths in found.items() if not paths),
    )


def files(layouts: Dict[str, Layout], source: Path) -> dict[str, list[Path]]:
    """By layout the files that are its own: the one given, or those of a folder that fit its `file`.

    Raises SourceError where a file could be of several layouts, or none fits.
    """
    if not source.is_dir():
        fitting = [n for n, layout in layouts.items() if len(layouts) == 1 or _fits(source, layout)]
        if len(fitting) != 1:
            raise SourceError(
                say(
                    f"{source.name}: どのレイアウトか決まりません ({', '.join(fitting or layouts)})。マッピングを1つ挙げる",
                    f"{source.name}: of which layout ({', '.join(fitting or layouts)})? Name one mapping",
                )
            )
        return {fitting[0]: [source]}
    found = {n: [p for p in _inside(source) if _fits(p, one)] for n, one in layouts.items()}
    claimed = [p for paths in found.values() for p in paths]
    for path in _inside(source):
        if claimed.count(path) > 1:
            names = ", ".join(n for n, paths in found.items() if path in paths)
            raise SourceError(
                say(
                    f"{path.name}: 複数のレイアウトに当てはまります ({names})。layout.toml の file を直す",
                    f"{path.name}: fits several layouts ({names}); mend `file` in layout.toml",
                )
            )
    if not claimed:
        raise SourceError(
            say(
                f"{source}: マッピングの読むファイルが1つもありません ({', '.join(x.file or n for n, x in layouts.items())})",
                f"{source}: holds no file that the mappings read ({', '.join(x.file or n for n, x in layouts.items())})",
            )
        )
    return found


def _inside(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def beside(layout: Layout, todo: Sequence[Job], source: Path) -> list[Path]:
    """The files of a layout that another file's lookup asks for: of this run, or in the same folder."""
    paths = [job.source for job in todo if job.layout.name == layout.name]
    folder = source if source.is_dir() else source.parent
    paths = paths or sorted(p for p in folder.iterdir() if p.is_file() and _fits(p, layout))
    if not paths:
        raise SourceError(
            say(
                f"{folder}: {layout.name} ({layout.file or 'file の指定なし'}) がありません。参照するので同じフォルダに置く",
                f"{folder}: no file of {layout.name} ({layout.file or 'its layout names no file'}), and it is looked up; put it there",
            )
        )
    return paths


def named(todo: Sequence[Job], options: Options) -> dict[str, str]:
    """City and moment of the extraction, from the options and the files' headers; they must agree."""
    said = {"city": options.city, "as_of": options.as_of}
    first = dict.fromkeys(said, say("オプション", "the options"))
    for job in todo:
        for name, written in _header(job, options).items():
            if not said[name]:
                said[name], first[name] = written, job.source.name
            elif said[name] != written and not (name == "as_of" and options.as_of):
                label = {
                    "city": say("団体コード", "municipality"),
                    "as_of": say("抽出日時", "moment of extraction"),
                }[name]
                raise SourceError(
                    say(
                        f"{job.source.name}: ファイルの{label}は {written}、{first[name]} では {said[name]}",
                        f"{job.source.name}: its {label} is {written}, {first[name]} says {said[name]}",
                    )
                )
    for name, pattern in (("city", "[0-9]{6}"), ("as_of", "[0-9]{14}")):
        if not re.fullmatch(pattern, said[name]):
            option, source = f"--{name.replace('_', '-')}", todo[0].source.name
            raise SourceError(
                say(
                    f"{source}: {option} が必要です（ファイルのヘッダにもない）: {pattern}",
                    f"{source}: {option} is needed, the file's header does not say it: {pattern}",
                )
            )
    return said


def _header(job: Job, options: Options) -> dict[str, str]:
    """What a file's header says of the run. Raises SourceError where the file is empty."""
    part = options.part or not job.layout.header_lines  # trailers are not to be looked for
    head = next(iter(Reader(job.layout, part=part).batches(job.source, 1)), None)
    if head is None:
        if not job.layout.header_lines and all(r.kind == "data" for r in job.layout.records):
            return {}  # nothing but data, and there is none; the report says so
        name = job.source.name
        raise SourceError(say(f"{name}: 空のファイルです", f"{name}: the file is empty"))
    found = {}
    for record in job.layout.records:
        frame = head.frames[record.name]
        for name, field in (("city", record.city), ("as_of", record.as_of)):
            written = frame[field][0] if field and frame.height else None
            if written:
                found[name] = str(written)
    return found


def _fits(path: Path, layout: Layout) -> bool:
    return bool(layout.file) and fnmatch(path.name, layout.file)
