"""Webhooks of WooCommerce: signed over the very bytes, without a time, each tried once."""

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
from regulars.surfaces.api.strict.bodies import require_json
from regulars.surfaces.connect.inlets.kinds import Post, object_scanned
from regulars.surfaces.connect.inlets.reading import Asker
from regulars.surfaces.connect.inlets.signing import BadSignature, Headers
from regulars.surfaces.connect.woocommerce.events import event_read
from regulars.surfaces.connect.woocommerce.orders import asks_about, seen
from regulars.surfaces.senders.hooks.forms import secret_shown

SIGNATURE: Final = b"x-wc-webhook-signature"
TOPIC: Final = b"x-wc-webhook-topic"
_GREETING: Final = re.compile(rb"webhook_id=[0-9]{1,20}")
_TOPIC: Final = re.compile(r"[a-z_]{1,40}\.[a-z_]{1,40}")


class WooCommerce:
    """A shop's webhooks; what it is asked for when some of them were lost is told the same way.

    Keeps: no signature says when it was sent, so an event is known by all that it says: sent again
    it is the same one, however often. What stands in headers is covered by no signature: they name
    the event for whoever looks at the list, and nothing is decided by them.
    """

    mapping: Final = resources.files(__package__).joinpath("mapping.yaml").read_text("utf-8")
    signs_by_its_own: Final = False

    def greets(self, headers: Headers, body: bytes) -> bool:
        """Whether this is the shop's first call, made when a webhook is saved: no event, unsigned.

        The shop takes exactly 200 for an answer and switches the webhook off for any other.
        """
        return SIGNATURE not in headers and _GREETING.fullmatch(body.strip()) is not None

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """Nothing to know it by; its signature is good. Faults: BadSignature.

        Source: WooCommerce, `class-wc-webhook.php`, `generate_signature`: the base64 of
        HMAC-SHA256 over the body, by the secret as it is typed there.
        """
        try:
            given = b64decode(headers.get(SIGNATURE, b""), validate=True)
        except Error:
            given = b""
        good = False
        for body in bodies:
            for secret in secrets:
                made = hmac.digest(secret_shown(secret).encode(), body, "sha256")
                good |= hmac.compare_digest(given, made)
        if not good:
            raise BadSignature(
                "X-WC-Webhook-Signature is missing, or does not fit what was sent",
                mend="Write the secret of this address into the webhook's field Secret",
            )
        return ""

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event: an order or a customer as it is now."""
        require_json(post.headers.get(b"content-type"))
        found = object_scanned(post.body)
        topic = post.headers.get(TOPIC, b"").decode("latin-1")
        return (event_read(found, post.body, topic if _TOPIC.fullmatch(topic) else ""),)

    def hints_at(self, root: Any) -> str | None:
        """The order whose refunds are to be asked for; nothing of what says enough by itself."""
        return asks_about(root)

    def codes(self, root: Any) -> tuple[str, ...]:
        """The codes a paid order was made cheaper by."""
        lines = root.get("coupon_lines") if root.get("state") in ("paid", "closed") else None
        lines = lines if isinstance(lines, list) else []
        said = (one.get("code") for one in lines if isinstance(one, dict))
        return tuple(code for code in said if isinstance(code, str))

    def asks(self, root: Any) -> Asker | None:
        """A shop of one's own asks nobody for that."""
        return None

    def seen(self, root: Any) -> Any:
        """What a mapping looks at."""
        return seen(root)
