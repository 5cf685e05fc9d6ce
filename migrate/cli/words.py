"""`migrate words`: the vocabulary of mappings."""

from __future__ import annotations

import inspect

import click

from migrate.cli.base import Command
from migrate.language import say


@click.command(
    "words",
    cls=Command,
    help=say(
        "マッピングで使える語と例。WORD を挙げればその語だけ",
        "The words that a mapping may use, with examples. With WORD: that one.",
    ),
)
@click.argument("word", required=False)
def command(word: str | None) -> None:
    from migrate.convert.vocabulary import WORDS
    from migrate.errors import unknown

    if word and word not in WORDS:
        raise click.UsageError("; ".join(unknown(say("語", "word"), word, WORDS)))
    for name in [word] if word else sorted(WORDS):
        parameters = inspect.signature(WORDS[name]).parameters.values()
        usage = " ".join(
            f"{p.name.upper()} .."
            if p.name == "values"
            else p.name.upper()
            if p.default is p.empty
            else f"[{p.name.upper()}]"
            for p in parameters
            if p.kind is p.KEYWORD_ONLY
        )
        text = inspect.getdoc(WORDS[name]) or ""
        shown = text if word else text.partition("\n\n")[0]
        click.echo(f"{name} {usage}".rstrip())
        click.echo("\n".join(f"    {line}".rstrip() for line in shown.splitlines()) + "\n")
