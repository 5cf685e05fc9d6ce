"""Which of two languages a person is spoken to in: `say("日本語", "English")`."""

from __future__ import annotations

import os
import sys

LANGUAGES = ("ja", "en")


def _chosen() -> str:
    """`--lang` on the command line, then the environment as gettext reads it, then English."""
    words = sys.argv[1:]
    for word, following in zip(words, [*words[1:], ""], strict=False):
        asked = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and asked in LANGUAGES:
            return asked
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "ja" if value.startswith("ja") else "en"
    return "en"


_language = _chosen()


def language() -> str:
    """The language in use: `ja` or `en`."""
    return _language


def speak(name: str) -> None:
    """Speak `ja` or `en` from here on.

    >>> speak("ja"); say("年", "year")
    '年'
    >>> speak("en"); say("年", "year")
    'year'
    """
    global _language  # noqa: PLW0603 - one person, one language
    if name not in LANGUAGES:
        raise ValueError(name)
    _language = name


def say(ja: str, en: str) -> str:
    """The one of two texts that this person reads."""
    return ja if _language == "ja" else en
