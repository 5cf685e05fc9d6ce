"""Makes what the documentation shows: `python tools/docs.py`; `--check` only says what is stale.

In README.md and README.ja.md, what stands between `<!-- shown: COMMAND -->` and `<!-- /shown -->` is the output of
that command, run in the page's language; a page's commands share one folder, empty at first. docs/*.md named in PAGES and docs/*.schema.json are made whole.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHOWN = re.compile(r"(<!-- shown: (?P<command>.+?) -->\n).*?(<!-- /shown -->)", re.S)
PAGES = {
    "docs/notices.md": ("en", "Issue codes", "rule"),
    "docs/notices.ja.md": ("ja", "指摘コード", "rule"),
    "docs/words.md": ("en", "The words of a mapping", "words"),
}
RULES = {"docs/rules.md": "en", "docs/rules.ja.md": "ja"}
SCHEMAS = {
    "docs/totals.schema.json": "totals --schema",
    "docs/reconcile.schema.json": "reconcile --schema",
}


def output(command: str, language: str, folder: str) -> str:
    """What a command prints on stdout; `| head -n N` after it leaves the first N lines."""
    words, _, count = command.partition(" | head -n ")
    ran = subprocess.run(
        [sys.executable, "-m", *_words(words)],
        cwd=folder,
        env={**os.environ, "LC_ALL": "ja_JP.UTF-8" if language == "ja" else "C.UTF-8",
             "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    lines = ran.stdout.rstrip().splitlines()
    lines = lines[: int(count)] if count else lines
    if not lines:
        raise SystemExit(f"{command}: printed nothing; stderr:\n{ran.stderr}")
    return "\n".join(lines)


def _words(command: str) -> list[str]:
    sample = str(ROOT / "samples")
    return [
        word.replace("samples/", f"{sample}/") if word.startswith("samples/") else word
        for word in shlex.split(command)
    ]


def readme(path: Path, folder: str) -> str:
    """The page with every shown block made anew."""
    language = "ja" if ".ja." in path.name else "en"

    def block(found: re.Match[str]) -> str:
        command = found["command"]
        text = output(command, language, folder)
        return f"{found[1]}```console\n$ {command}\n{text}\n```\n{found[3]}"

    return SHOWN.sub(block, path.read_text("utf-8"))


def rules_page(language: str) -> str:
    """Every rule across columns and tables: what, where from, or why it is left out."""
    sys.path.insert(0, str(ROOT))
    from migrate.catalog import Catalog
    from migrate.language import say, speak
    from migrate.report.rules import grade, judged

    speak(language)
    book = Catalog(ROOT).rules()
    decided = sum(not r.left_out for r in book.rules)
    lines = [
        say("# 列と表をまたぐ規則", "# Rules across columns and tables"),
        "<!-- made by tools/docs.py from layouts/standard/rules/; do not edit -->",
        say(
            f"{len(book.rules)} 規則、うち {decided} を判定する。SQL・例・対処は `migrate rule R008`。書き方は"
            " [00_all.toml](../layouts/standard/rules/00_all.toml) の冒頭。",
            f"{len(book.rules)} rules, of which {decided} are judged. `migrate rule R008` shows SQL, examples and remedy;"
            " how to write one stands at the head of [00_all.toml](../layouts/standard/rules/00_all.toml).",
        ),
        say(
            "| 規則 | 等級 | 判定 | 表 | 破れていること | 根拠 |",
            "| Rule | Grade | Judged by | Tables | What is wrong | Source |",
        )
        + "\n|-|-|-|-|-|-|",
    ]
    rows = []
    for rule in book.rules:
        by = " ".join(f"`{code}`" for code in rule.codes) or judged(rule)
        why = f" ({rule.left_out})" if rule.left_out else ""
        tables = " ".join(f"`{t}`" for t in rule.tables)
        rows.append(
            f"| {rule.id} | {grade(rule)} | {by} | {tables} | {rule.title}{why} | {rule.source} |"
        )
    return "\n\n".join(lines) + "\n" + "\n".join(rows) + "\n"


def main() -> None:
    made: dict[Path, str] = {}
    for name in ("README.md", "README.ja.md"):
        with tempfile.TemporaryDirectory() as folder:
            made[ROOT / name] = readme(ROOT / name, folder)
    with tempfile.TemporaryDirectory() as folder:
        for name, (language, title, command) in PAGES.items():
            text = output(f"migrate {command}", language, folder)
            if command == "rule":  # the rules behind the codes have their own page
                text = text.partition("\n\n")[0]
            note = f"<!-- made by tools/docs.py from `migrate {command}`; do not edit -->"
            made[ROOT / name] = f"# {title}\n\n{note}\n\n```text\n{text}\n```\n"
    with tempfile.TemporaryDirectory() as folder:
        schema = output("migrate check --schema", "en", folder)
        made[ROOT / "docs/check.schema.json"] = f"{schema}\n"
        for name, command in SCHEMAS.items():
            made[ROOT / name] = output(f"migrate {command}", "en", folder) + "\n"
    made |= {ROOT / name: rules_page(language) for name, language in RULES.items()}
    stale = [p for p, text in made.items() if not p.exists() or p.read_text("utf-8") != text]
    if "--check" in sys.argv:
        if stale:
            raise SystemExit(
                "stale, run `make docs`: " + ", ".join(str(p.relative_to(ROOT)) for p in stale)
            )
        return
    for path in stale:
        path.write_text(made[path], encoding="utf-8")


if __name__ == "__main__":
    main()
