"""Why an event did not arrive, in the language of whoever reads it.

A courier says it in English, for the log and the API. Here its sentences are known again by their
form, as those about a line of a file are; one that is not known stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from regulars.surfaces.console.team.sources.broker_reasons import BROKERS
from regulars.surfaces.console.words import N
from regulars.surfaces.ui.reader import Reader

REASONS: Final = (
    N("tried %(n)s times; the last time: %(why)s"),
    N("not called: %(why)s"),
    N("it answered %(status)s"),
    N("%(status)s: it sends us elsewhere, and redirects are not followed"),
    N("it answers nothing, or something that is no HTTP"),
    N("the connection broke off"),
    N("its name was not found in time"),
    N("its name has no address"),
    N("it cannot prove by TLS who it is"),
    N("it refuses the connection"),
    N("no connection within %(n)s seconds"),
    N("it did not answer in time"),
    N("it cannot be connected to"),
    N("no answer within %(n)s seconds"),
    N("it could not be sent by our mistake; the log says where"),
    N("only https addresses are called"),
    N("an address with a name or password in it is not called"),
    N("this is no whole address"),
    N("port %(port)s is not called: use 443, 80, or 1024 and above"),
    N("this address is not on the public internet"),
    N("sockets of this machine are not called"),
    N("it answered 410 Gone"),
    N("it has not taken anything for five days"),
    *BROKERS,
    N("it does not know this key: it was revoked, or mistyped"),
    N("this key may not do that: give it the scopes of the guide"),
    N("it does not speak this revision of its API any more: Regulars needs an update"),
    N("it asks for a pause"),
    N("there is no such list"),
    N("its key is of another installation: enter it again"),
    N("the connection with Klaviyo was ended"),
    N("it answers something that is no document of its API"),
    N("it answers something that is no list of profiles"),
    N("it says that the page after this one is this one"),
    # an organization of Salesforce
    N("the connection with Salesforce was ended"),
    N("its mapping is not right: mend it"),
    N("keys are sent to no other system: enter its own"),
    N("its keys are of another installation: enter them again"),
    N("it does not know this consumer key and secret, or the app may not sign in"),
    N("it does not take what was signed: see key, certificate and user of the app there"),
    N("it does not take the token it gave"),
    N("its edition has no API"),
    N("this app may not do that: give its user permission there"),
    N("it has no such object"),
    N("it has no such object, or no such External ID"),
    N("it answers something that is no token"),
    N("it answers something that is no JSON"),
    N("it answers something that is not one result for each journal"),
    N("it answers something that is no list of journals"),
    N("it answers %(status)s"),
)
"""What may be said; the two that hold another one first."""
_PLACE: Final = re.compile(r"%\((\w+)\)s")
_ANYTHING: Final = {"why": ".+", "status": "[0-9]+", "n": "[0-9.]+", "port": "[0-9]+"}


def reason_in_words(reader: Reader, text: str) -> str:
    """Why it did not arrive, as its reader reads it.

    Example: "not called: this is no whole address" says both halves in the reader's language.
    """
    for sentence, form in _forms():
        found = form.fullmatch(text)
        if found is not None:
            places = found.groupdict()
            if "why" in places:
                places["why"] = reason_in_words(reader, places["why"])
            return reader.say(sentence, **places)
    return text


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile(_form(one))) for one in REASONS)


def _form(sentence: str) -> str:
    """A sentence as a pattern: what stands in it stands so."""
    parts = _PLACE.split(sentence)
    return "".join(
        f"(?P<{part}>{_ANYTHING[part]})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
