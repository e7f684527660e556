"""Where text messages of members come in: heard at once, and answered in the very answer."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import msgspec
from msgspec import Struct

from regulars.base.faults import Invalid, NotFound, Outage, StaleTerms
from regulars.flows.inlets.hear_texts import Heard, HearText, hear_texts
from regulars.records.inlets.types import Inlet
from regulars.records.once.types import digest
from regulars.surfaces.api.call import Reply, granted
from regulars.surfaces.api.front.request import Request
from regulars.surfaces.connect.inlets.door import Inlets, came_in
from regulars.surfaces.connect.inlets.kinds import LETTERS
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.inlets.providers.names import TWILIO
from regulars.surfaces.given import Given
from regulars.surfaces.senders.words.phrases import phrases_for

_XML: Final = "text/xml; charset=utf-8"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>'
_LONGEST_ID: Final = 200
_FIELDS: Final = {
    TWILIO: {"id": "MessageSid", "from": "From", "text": "Body"},
    "": {"id": "id", "from": "from", "text": "text"},
}
"""What a provider calls them: Twilio its own way, everybody else as we ask for text messages."""


class TextAnswered(Struct, frozen=True):
    """What whoever carries text messages should answer; nothing where it is answered already."""

    answer: str | None
    """To be sent back to the number it came from."""


async def hear(given: Given, inlets: Inlets, request: Request, inlet_id: str) -> Reply:
    """A text message that somebody sent to the shop.

    Keeps: the answer depends on the words alone, so it tells nobody whose number it is.
    Faults: as of everything that comes in; Invalid for what is no text message.
    """
    inlet, events, _ = await came_in(given, inlets, request, inlet_id)
    signed_by = read_mapping(inlet.mapping).signed_by if inlet.kind == LETTERS else "?"
    if signed_by not in _FIELDS or not events:
        raise NotFound("no text messages come in at this address")
    told = msgspec.json.decode(events[0].body)
    wish = _wish(inlet, _FIELDS[signed_by], told)
    answer = await _answer(given, inlet, wish)
    if signed_by == TWILIO:
        said = "" if answer is None else f"<Message>{escape(answer, quote=False)}</Message>"
        return Reply(f"{_HEAD}<Response>{said}</Response>".encode(), media=_XML)
    return Reply(TextAnswered(answer))


def _wish(inlet: Inlet, fields: dict[str, str], told: dict[str, Any]) -> HearText:
    said = {}
    for name, field in fields.items():
        found = told.get(field)
        if not isinstance(found, str) or (name != "text" and not found):
            mend = f"Send {field} as text"
            raise Invalid(f"a text message has its {name}", field=f"/{field}", mend=mend)
        said[name] = found
    if len(said["id"]) > _LONGEST_ID:
        raise Invalid(f"an id has at most {_LONGEST_ID} letters", field=f"/{fields['id']}")
    text_id = digest("text", inlet.inlet_id.bytes, said["id"])
    # Twilio says so where it answered STOP, START or HELP by itself.
    return HearText(text_id, said["from"], said["text"], answered=bool(told.get("OptOutType")))


async def _answer(given: Given, inlet: Inlet, wish: HearText) -> str | None:
    """What is answered, once what was said is kept."""
    for _ in range(3):
        terms = await given.programs.terms(inlet.program_id)
        try:
            async with given.database.transaction(inlet.program_id) as tx:
                (outcome,) = await hear_texts(tx, terms, given.keyed, [wish])
        except StaleTerms:
            given.programs.forget(inlet.program_id)
            continue
        heard: Heard = granted(outcome)
        if not heard.answer:
            return None
        program = terms.at(given.now(inlet.program_id)).program
        phrases = phrases_for(heard.meant.language or program.locale, program.locale)
        return phrases.say(f"text.{heard.meant.word}", shop=program.name)
    raise Outage("the program changes right now; try again in a moment")
