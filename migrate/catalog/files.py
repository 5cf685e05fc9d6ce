"""Where knowledge lies, and how one of its files is read: TOML, CSV, and what is wrong in them."""

from __future__ import annotations

import csv
import re
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from pydantic import BaseModel, ValidationError

from migrate.errors import KnowledgeError, Problem, unknown
from migrate.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pydantic_core import ErrorDetails

Form = TypeVar("Form", bound=BaseModel)
Rest = TypeVarTuple("Rest")
Made = TypeVar("Made")


def shipped() -> Path:
    """The folder with the layouts/, mappings/ and samples/ that came with the program."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "shipped"  # in an installed wheel; in a checkout they lie beside migrate/
    return inside if inside.is_dir() else package.parent


@dataclass(frozen=True)
class Roots:
    """Folders searched in turn: the user's own, then what is shipped."""

    folders: tuple[Path, ...]

    def find(self, kind: str, relative: str) -> Path:
        """The first of the roots' files of that name; `kind` words the error."""
        for root in self.folders:
            if (root / relative).exists():
                return root / relative
        near = self.names(str(Path(relative).parent), f"*{Path(relative).suffix}")
        cause, remedy = unknown(kind, Path(relative).name, near)
        raise KnowledgeError(Problem(self.folders[0] / relative, "", cause, remedy))

    def paths(self, pattern: str) -> dict[str, Path]:
        """Every file that matches, by its path below the root; the first root wins."""
        found: dict[str, Path] = {}
        for root in self.folders:
            for path in sorted(root.glob(pattern)):
                found.setdefault(path.relative_to(root).as_posix(), path)
        return found

    def names(self, folder: str, pattern: str) -> list[str]:
        return sorted({p.name for root in self.folders for p in (root / folder).glob(pattern)})


def shown(path: Path) -> Path:
    """The path as a person at this prompt would write it."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path


def kept(make: Callable[[Path, *Rest], Made]) -> Callable[[Path, *Rest], Made]:
    """Remember what a function made of a file until the file changes. What is made must not be changed."""

    @lru_cache(maxsize=4096)
    def made(path: Path, _stamp: object, *rest: *Rest) -> Made:
        return make(path, *rest)

    def again(path: Path, *rest: *Rest) -> Made:
        try:
            found = path.stat()
        except OSError:
            return make(path, *rest)
        return made(path, (found.st_mtime_ns, found.st_size, found.st_ino), *rest)

    return again


def toml(path: Path) -> dict[str, Any]:
    """The settings in a TOML file."""
    return deepcopy(_toml(path))


@kept
def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _absent(path) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(path, error) from None


def rows(path: Path, form: type[Form]) -> list[Form]:
    """The rows of a CSV file, each as `form`; a blank cell is a cell left out."""
    return list(_rows(path, form))


@kept
def _rows(path: Path, form: type[Form]) -> list[Form]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = list(reader.fieldnames or ())
            _check_header(path, header, form)
            numbered = [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        raise _absent(path) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    made, problems = [], []
    for line, row in numbered:
        if None in row or None in row.values():
            cause = say(f"{len(header)} 列のはずが違います", f"does not have {len(header)} columns")
            remedy = say("コンマと引用符を数える", "count the commas and quotes")
            problems.append(
                Problem(shown(path), say(f"{line} 行目", f"line {line}"), cause, remedy)
            )
            continue
        filled = {name: cell for name, cell in row.items() if cell != ""}
        try:
            made.append(form.model_validate(filled))
        except ValidationError as error:
            place = say(
                f"{line} 行目 ({row.get('name', '')})", f"line {line} ({row.get('name', '')})"
            )
            problems += _problems(path, place, error.errors(), form)
    insist(problems)
    return made


def validated(path: Path, form: type[Form], facts: dict[str, Any]) -> Form:
    """`facts` from one TOML file as `form`, or every problem in them."""
    try:
        return form.model_validate(facts)
    except ValidationError as error:
        raise KnowledgeError(*_problems(path, "", error.errors(), form)) from None


def reserved(
    path: Path, facts: dict[str, Any], names: Iterable[str], place: str = ""
) -> list[Problem]:
    """Keys that only the program may set, found in a file."""
    return [
        Problem(
            shown(path),
            f"{place}{name}",
            say(f"キー {name!r} はありません", f"no key {name!r}"),
            say("消す。プログラムが決める", "remove it: the program sets it"),
        )
        for name in names
        if name in facts
    ]


def insist(problems: Iterable[Problem]) -> None:
    """Raise problems as one error, if there are any."""
    found = list(dict.fromkeys(problems))
    if found:
        raise KnowledgeError(*found)


def line_of(path: Path, key: str, which: int = 1) -> str:
    """`key` with the line on which a TOML file sets it (for the `which`-th time), to jump to."""
    pattern = re.compile(rf"""^\s*(["'](.* )?)?{re.escape(key)}(( .*)?["'])?\s*=""")
    lines = path.read_text(encoding="utf-8").splitlines()
    hits = [number for number, line in enumerate(lines, 1) if pattern.match(line)]
    if len(hits) < which:
        return key
    return say(f"{hits[which - 1]} 行目 {key}", f"line {hits[which - 1]} {key}")


def _absent(path: Path) -> KnowledgeError:
    cause = say("ファイルがありません", "no such file")
    return KnowledgeError(
        Problem(shown(path), "", cause, say("作るか名前を直す", "make it or mend its name"))
    )


def _unreadable(path: Path, error: Exception) -> KnowledgeError:
    remedy = say("書式を直す（UTF-8）", "mend the syntax (UTF-8)")
    return KnowledgeError(Problem(shown(path), "", str(error), remedy))


def _names(form: type[BaseModel]) -> list[str]:
    return [f.alias or name for name, f in form.model_fields.items()]


def _check_header(path: Path, header: Sequence[str], form: type[BaseModel]) -> None:
    problems = []
    place = say("見出し行", "header line")
    for name in header:
        if name not in _names(form):
            problems.append(
                Problem(shown(path), place, *unknown(say("列", "column"), name, _names(form)))
            )
        elif header.count(name) > 1:
            problems.append(
                Problem(
                    shown(path),
                    place,
                    say(f"{name} が重複", f"{name} comes twice"),
                    say("1つだけ残す", "keep one"),
                )
            )
    insist(problems)


def _problems(
    path: Path, place: str, errors: list[ErrorDetails], form: type[BaseModel]
) -> list[Problem]:
    found = []
    for error in errors:
        at = ".".join(str(part + 1 if isinstance(part, int) else part) for part in error["loc"])
        where = ": ".join(filter(None, (place, at)))
        if error["type"] == "extra_forbidden":
            key = str(error["loc"][-1])
            known = _names(form) if len(error["loc"]) == 1 else _nested(form, error["loc"])
            cause, remedy = unknown(say("キー", "key"), key, known)
        elif error["type"] == "missing":
            cause = say("必須の値がありません", "a value is missing")
            remedy = say("書き加えてください", "write it down")
        else:
            cause = f"{error['input']!r}: {error['msg']}"
            remedy = say("値を直す", "mend the value")
        found.append(Problem(shown(path), where, cause, remedy))
    return found


def _nested(form: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the noun at the end of a path of keys knows."""
    for part in loc[:-1]:
        fields = {f.alias or n: f for n, f in form.model_fields.items()}
        if isinstance(part, str) and part in fields:
            inner = re.findall(r"migrate\.\w+(?:\.\w+)*\.(\w+)", str(fields[part].annotation))
            nested = [c for c in _nouns(BaseModel) if c.__name__ in inner]
            form = nested[0] if nested else form
    return _names(form)


def _nouns(root: type[BaseModel]) -> list[type[BaseModel]]:
    return [c for child in root.__subclasses__() for c in (child, *_nouns(child))]
