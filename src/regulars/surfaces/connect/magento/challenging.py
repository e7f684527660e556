"""The question by which Adobe makes sure that an address takes its I/O events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import parse_qs

from msgspec import Meta, Struct

from regulars.base.faults import Invalid, NotFound
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed

MAGENTO: Final = "magento"
_WORD: Final = re.compile(r"[A-Za-z0-9_.-]{1,200}")


class ChallengeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be said back."""

    challenge: Annotated[str, Meta(min_length=1, max_length=200)]


class Challenged(Struct, frozen=True):
    """The same word, said back."""

    challenge: str


async def answered(door: Any, request: Any, ids: Mapping[str, str]) -> Reply:
    """The word Adobe sent, where a source of Adobe Commerce is at this address.

    Keeps: only letters, digits and three signs go back, and nothing is kept.
    Faults: NotFound; Invalid for another word.
    Source: Adobe I/O Events, Introduction to webhooks: the challenge request.
    """
    met = await door.inlets.one(addressed("inl", ids["inlet_id"]))
    if met.inlet.kind != MAGENTO:
        raise NotFound("there is nothing at this address")
    said = parse_qs(request.query.decode("latin-1")).get("challenge", [""])
    if len(said) != 1 or _WORD.fullmatch(said[0]) is None:
        mend = "Send ?challenge= and a word of letters and digits"
        raise Invalid("there is no word to say back", field="/challenge", mend=mend)
    return Reply(Challenged(said[0]))


async def never(call: Call) -> Reply:
    """Nobody comes here with a key."""
    raise NotFound("there is nothing at this address")


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/in/{inlet_id}",
        name="answer_challenge",
        tag="Events in",
        says="Whether Adobe may send its I/O events here",
        notes="Asked by Adobe when the address is registered there; of a source of the kind "
        "`magento`. No key is needed, and nothing is kept.",
        scopes=(),
        query=ChallengeQuery,
        answers={200: Challenged},
        answer_example={"challenge": "8ec8d794-e0ab-42df-9017-e3dada8e84f7"},
        codes=("invalid",),
        do=never,
        open=answered,
    ),
)
