"""Webhooks of Discourse: signed over the very bytes; what happened is in a header."""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.once.types import digest
from regulars.surfaces.api.strict.bodies import require_json, scan
from regulars.surfaces.connect.inlets.kinds import Post, Told, encoded, object_of, sent_of
from regulars.surfaces.connect.inlets.providers.discourse.telling import seen
from regulars.surfaces.connect.inlets.providers.discourse.wishes import DISCOURSE
from regulars.surfaces.connect.inlets.signing import BadSignature, Headers
from regulars.surfaces.senders.hooks.forms import secret_shown

SIGNATURE: Final = b"x-discourse-event-signature"
EVENT: Final = b"x-discourse-event"
ID: Final = b"x-discourse-event-id"
_BEFORE: Final = b"sha256="
_EVENT: Final = re.compile(r"[a-z_]{1,60}")
_NUMBER: Final = re.compile(r"[0-9]{1,20}")
PING: Final = "ping"


class Discourse:
    """What members write and are liked for on a forum.

    Keeps: the signature covers the body and neither a time nor the headers, where the forum's
    number of the event and what happened stand. So an event is known by what happened and all that
    it says, whatever number stands above it, and what it counts for hangs on the topic, the answer
    or the like itself: told again in whichever order and under another number it counts once.
    """

    mapping: Final = resources.files(__package__).joinpath("mapping.yaml").read_text("utf-8")
    signs_by_its_own: Final = False

    def greets(self, headers: Headers, body: bytes) -> bool:
        """Its ping is signed and kept as an event of which nothing becomes."""
        return False

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """Nothing to know it by; its signature is good. Faults: BadSignature.

        Source: Discourse, `app/jobs/regular/emit_web_hook_event.rb`: `sha256=` and the hexadecimal
        HMAC-SHA256 over the body, by the secret as it is typed there.
        """
        given = headers.get(SIGNATURE, b"")
        good = False
        for body in bodies:
            for secret in secrets:
                made = hmac.new(secret_shown(secret).encode(), body, "sha256").hexdigest()
                good |= hmac.compare_digest(given, _BEFORE + made.encode())
        if not good:
            raise BadSignature(
                "X-Discourse-Event-Signature is missing, or does not fit what was sent",
                mend="Write the secret of this address into the webhook's field Secret",
            )
        return ""

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event, with what its header says happened."""
        require_json(post.headers.get(b"content-type"))
        scan(post.body)
        found = object_of(post.body)
        event = _said(_EVENT, post.headers.get(EVENT, b""))
        number = _said(_NUMBER, post.headers.get(ID, b""))
        key = (DISCOURSE, event, digest(encoded(found)).hex)
        beside = encoded({"event": event or PING}).decode()
        return (sent_of(key, event, number or key[2], Told(found, post.body, beside)),)

    def codes(self, root: Any) -> tuple[str, ...]:
        """Nothing is sold there."""
        return ()

    def asks(self, root: Any) -> None:
        """Nobody asks for that by it."""
        return

    def seen(self, root: Any) -> Any:
        """What a mapping looks at."""
        return seen(root)


def _said(shape: re.Pattern[str], header: bytes) -> str:
    found = header.decode("latin-1")
    return found if shape.fullmatch(found) else ""
