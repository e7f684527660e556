"""Whether a forum sends whoever signs in to us, signed by the secret it was given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs

from regulars.base.faults import Forbidden, Invalid
from regulars.base.keyed import Keyed
from regulars.records.inlets.types import Inlet, secrets_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.inlets.providers.discourse.signing_in import asked_by
from regulars.surfaces.connect.inlets.providers.discourse.wishes import DISCOURSE, ForumMap
from regulars.surfaces.connect.inlets.wire import PayloadRead
from regulars.surfaces.given import Given
from regulars.surfaces.senders.outgoing.client import Client, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed

BEGINS: Final = "/session/sso"
"""Where a forum begins a sign-in, for anybody who looks."""
PATIENCE_S: Final = 10.0
_MOVED: Final = (301, 302, 303, 307)


SAYS: Final[Mapping[str, tuple[str, str]]] = {
    "away": ("the forum does not answer: {about}", "Look at `forum: address` of the mapping"),
    "off": ("the forum sends nobody anywhere", "Switch DiscourseConnect on there"),
    "elsewhere": (
        "the forum sends whoever signs in to {about}", "Write {to} into `discourse connect url`"
    ),
    "unsigned": ("it is signed by another secret", "Write the secret of this source there"),
}  # fmt: skip
"""What is wrong, and the mend."""


async def forum_read(given: Given, by: tuple[Inlet, str], now: datetime) -> PayloadRead:
    """Whether whoever signs in to the forum of this source, by this mapping, comes to their card
    here; nobody is signed in by it. Faults: Invalid where there is no forum."""
    inlet, mapping = by
    forum = read_mapping(mapping).forum
    if inlet.kind != DISCOURSE or forum is None:
        raise Invalid("Send a payload to try", field="/payload")
    to = f"{given.public_url.rstrip('/')}/card/forum/{shown('inl', inlet.inlet_id)}"
    problem, about = await tried(given.receivers, forum, to)
    if not problem:
        problem = judged(given.keyed, forum, (inlet, now), about)
    if not problem:
        return PayloadRead(True, "forum")
    says, mend = SAYS[problem]
    field = "/mapping/forum/address" if problem == "away" else ""
    return PayloadRead(
        False, "forum", [], field, says.format(about=about), mend.format(to=to)
    )  # fmt: skip


async def tried(receivers: Guard, forum: ForumMap, to: str) -> tuple[str, str]:
    """Where the forum sends whoever signs in, or why that cannot be seen.

    Shape: `away` with the reason; `off`; `elsewhere` with the place; empty with the question.
    """
    client = Client(receivers, patience_s=PATIENCE_S, wide=1)
    try:
        answer = await client.send(Sending("GET", forum.address + BEGINS, (), b""))
    except (NoAnswer, NotAllowed) as why:
        return "away", why.why
    finally:
        await client.close()
    where, _, question = answer.headers.get("location", "").partition("?")
    if answer.status not in _MOVED or not where:
        return "off", ""
    return ("", question) if where == to else ("elsewhere", where[:200])


def judged(keyed: Keyed, forum: ForumMap, by: tuple[Inlet, datetime], question: str) -> str:
    """Whether such a question is one we answer: nothing, or `unsigned`."""
    said = parse_qs(question, max_num_fields=20)
    sso, sig = ("".join(said.get(name, [])) for name in ("sso", "sig"))
    try:
        asked_by(secrets_of(keyed, *by), forum.address, sso, sig)
    except Forbidden:
        return "unsigned"
    return ""
