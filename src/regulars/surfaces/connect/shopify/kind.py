"""Webhooks of Shopify: signed over the very bytes by the app's own secret, without a time."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.api.strict.bodies import require_json, scan
from regulars.surfaces.connect.inlets.kinds import Post
from regulars.surfaces.connect.inlets.reading import Asker
from regulars.surfaces.connect.inlets.signing import BadSignature, Headers
from regulars.surfaces.connect.shopify.askers import asker
from regulars.surfaces.connect.shopify.events import event_of
from regulars.surfaces.connect.shopify.orders import seen
from regulars.surfaces.connect.shopify.product_types import wants_types

SIGNATURE: Final = b"x-shopify-hmac-sha256"
TOPIC: Final = b"x-shopify-topic"
_TOPIC: Final = re.compile(r"[a-z_]{1,40}/[a-z_]{1,40}")


class Shopify:
    """A shop's webhooks; what it is asked for when some of them were lost is told the same way.

    Keeps: the signature covers the body and nothing beside it: neither the topic nor the ids that
    stand in headers can be believed. An event is known by what of it counts, so sent again, under
    whichever id, it is the same one.
    """

    mapping: Final = resources.files(__package__).joinpath("mapping.yaml").read_text("utf-8")
    signs_by_its_own: Final = True

    def greets(self, headers: Headers, body: bytes) -> bool:
        """Nothing is asked before the first event."""
        return False

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """Nothing to know it by; its signature is good. Faults: BadSignature.

        Source: Shopify, webhooks over HTTPS: the base64 of HMAC-SHA256 over the raw body, by the
        client secret of the app that made the webhook.
        """
        try:
            given = b64decode(headers.get(SIGNATURE, b""), validate=True)
        except Error:
            given = b""
        good = False
        for body in bodies:
            for secret in secrets:
                good |= hmac.compare_digest(given, hmac.digest(secret, body, "sha256"))
        if not good:
            mend = "Enter the client secret of the app that sends here, beside the shop's address"
            says = "X-Shopify-Hmac-Sha256 is missing, or does not fit what was sent"
            raise BadSignature(says, mend=mend)
        return ""

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event: an order or a customer as it is now, or what Shopify asks of an app."""
        require_json(post.headers.get(b"content-type"))
        scan(post.body)
        topic = post.headers.get(TOPIC, b"").decode("latin-1")
        return (event_of(post.body, topic if _TOPIC.fullmatch(topic) else ""),)

    def hints_at(self, root: Any) -> str | None:
        """The order whose products are to be asked for, as it says no type of them."""
        return wants_types(root)

    def codes(self, root: Any) -> tuple[str, ...]:
        """The codes a paid order was made cheaper by."""
        found = root.get("discount_codes") if root.get("state") in ("paid", "closed") else None
        found = found if isinstance(found, list) else []
        said = (one.get("code") for one in found if isinstance(one, dict))
        return tuple(code for code in said if isinstance(code, str))

    def asks(self, root: Any) -> Asker | None:
        """What Shopify asks of every app: who wants to know, to be forgotten, who left."""
        return asker(root)

    def seen(self, root: Any) -> Any:
        """What a mapping looks at."""
        return seen(root)
