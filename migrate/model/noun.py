"""What all nouns have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints


class Noun(BaseModel):
    """Frozen, and refusing keys that it does not know. What checks them is made when the first one is."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


def _yes(value: object) -> bool:
    if value in (True, False, "yes"):
        return bool(value)
    raise ValueError("write yes, or leave it blank")


Yes = Annotated[bool, BeforeValidator(_yes)]
