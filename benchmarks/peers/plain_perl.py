"""Perl: `python benchmarks/peers/plain_perl.py FILE INTO` tells plain.pl what to do, and becomes it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from task import Recipe, Task, task


def told(given: Task) -> list[tuple[str, ...]]:
    """The task as plain.pl reads it."""
    lines: list[tuple[str, ...]] = [
        ("field", name, str(slot.end - slot.begin), "1" if slot.type == "zoned" else "")
        for name, slot in given.slots.items()
    ]
    made = {
        name: (recipe.field, recipe.word, "".join(recipe.args))
        if isinstance(recipe, Recipe)
        else ("", "constant", recipe)
        for name, recipe in given.columns.items()
    }
    lines += [("column", *one) for one in made.values()]
    lines += [("extra", *made[key]) for key in given.keys]
    lines += [("extra", field, "", "") for field in given.carried]
    lines += [("code", name, a, b) for name, walk in given.codes.items() for a, b in walk.items()]
    for name, labels in (("table", given.labels), ("extra", given.extra)):
        lines.append(("title", name, ",".join(f'"{label}"' for label in labels)))
    return lines


def main(file: Path, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    path = into / "task.tsv"
    path.write_text("\n".join("\t".join(line) for line in told(task())), encoding="utf-8")
    perl = shutil.which("perl")
    assert perl
    os.execv(
        perl, [perl, str(Path(__file__).with_name("plain.pl")), str(path), str(file), str(into)]
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
