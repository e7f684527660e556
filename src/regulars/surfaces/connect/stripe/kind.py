"""Webhooks of Stripe: signed by a secret of its own, each a hint at what has to be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.api.strict.bodies import require_json, scan
from regulars.surfaces.connect.inlets.kinds import Post
from regulars.surfaces.connect.inlets.signing import Headers
from regulars.surfaces.connect.stripe.events import WHOLE, asks_about, event_of
from regulars.surfaces.connect.stripe.signing import check_stripe
from regulars.surfaces.connect.stripe.telling import seen


class Stripe:
    """Payments of a membership; what an event hints at is asked for before anything is booked.

    Keeps: order is not promised, so no event is believed about how a subscription stands.
    """

    mapping: Final = resources.files(__package__).joinpath("mapping.yaml").read_text("utf-8")
    signs_by_its_own: Final = True

    def greets(self, headers: Headers, body: bytes) -> bool:
        """It never asks only whether anybody is there."""
        return False

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """Nothing to know it by; its signature is good. Faults: BadSignature."""
        check_stripe(secrets, headers, bodies, now)
        return ""

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event."""
        require_json(post.headers.get(b"content-type"))
        scan(post.body)
        return (event_of(post.body),)

    def hints_at(self, root: Any) -> str | None:
        """What has to be asked for before it can be booked; nothing for what was asked for."""
        is_whole = root.get("object") == WHOLE and "asked_at" in root
        return None if is_whole else asks_about(root)

    def codes(self, root: Any) -> tuple[str, ...]:
        """Nothing it tells was made cheaper by a code of ours."""
        return ()

    def asks(self, root: Any) -> None:
        """Nobody asks for that by it."""
        return

    def seen(self, root: Any) -> Any:
        """What a mapping looks at."""
        return seen(root)
