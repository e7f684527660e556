"""Webhooks of Square: signed over the address and the bytes, each a hint at what is asked for."""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.api.strict.bodies import require_json, scan
from regulars.surfaces.connect.inlets.kinds import Post
from regulars.surfaces.connect.inlets.signing import PATH, BadSignature, Headers
from regulars.surfaces.connect.square.selling.events import asks_about, event_of
from regulars.surfaces.connect.square.selling.orders import seen

SIGNATURE: Final = b"x-square-hmacsha256-signature"
_PORTS: Final = {"https": "443", "http": "80"}


class Square:
    """Orders of a till; what an event hints at is asked for before anything is booked.

    Keeps: an event of an order says only that there is another version of it, and events of
    payments come late and in any order: so none is believed about how a sale stands.
    """

    mapping: Final = resources.files(__package__).joinpath("mapping.yaml").read_text("utf-8")
    signs_by_its_own: Final = True

    def greets(self, headers: Headers, body: bytes) -> bool:
        """It never asks only whether anybody is there."""
        return False

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """Nothing to know it by; its signature is good. Faults: BadSignature.

        Order: before anything of the body is read; every secret over every address under which we
        may have been asked, in a time that does not depend on where they part.
        Source: Square, webhooks, step 3: the base64 of HMAC-SHA256 over the notification URL, as it
        was entered there, and the raw body, by the signature key of the subscription.
        """
        try:
            given = b64decode(headers.get(SIGNATURE, b""), validate=True)
        except Error:
            given = b""
        good = False
        for address in _addresses(headers):
            for body in bodies:
                for secret in secrets:
                    made = hmac.digest(secret, address + body, "sha256")
                    good |= hmac.compare_digest(given, made)
        if not good:
            says = "x-square-hmacsha256-signature is missing, or does not fit what was sent"
            mend = (
                "Enter the signature key of the subscription with this very address, and see that "
                "what stands before us passes on the name by which Square asks"
            )
            raise BadSignature(says, mend=mend)
        return ""

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event."""
        require_json(post.headers.get(b"content-type"))
        scan(post.body)
        return (event_of(post.body),)

    def hints_at(self, root: Any) -> str | None:
        """Which order has to be asked for before anything can be booked; nothing for what was."""
        return asks_about(root)

    def codes(self, root: Any) -> tuple[str, ...]:
        """No order of a till names a code of ours."""
        return ()

    def asks(self, root: Any) -> None:
        """A till of one's own asks nobody for that."""
        return

    def seen(self, root: Any) -> Any:
        """What a mapping looks at."""
        return seen(root)


def _addresses(headers: Headers) -> Iterator[bytes]:
    """By which addresses we may have been asked: what stands before us may have taken TLS away, and
    the port may be said or not."""
    host, path = headers.get(b"host", b"").decode("latin-1"), headers.get(PATH, b"")
    for scheme, port in _PORTS.items():
        bare = host.removesuffix(f":{port}")
        plain = (bare,) if ":" in bare else (bare, f"{bare}:{port}")
        for where in plain:
            yield f"{scheme}://{where}".encode("latin-1") + path
