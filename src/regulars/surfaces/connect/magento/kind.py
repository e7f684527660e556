"""Webhooks and I/O events of Adobe Commerce and Magento: signed, and hints at what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

from regulars.flows.inlets.keep_arrivals import Sent
from regulars.surfaces.api.strict.bodies import require_json, scan
from regulars.surfaces.connect.inlets.kinds import Post
from regulars.surfaces.connect.inlets.signing import Headers
from regulars.surfaces.connect.magento.cart import is_cart
from regulars.surfaces.connect.magento.events import asks_about, events_of
from regulars.surfaces.connect.magento.orders import seen
from regulars.surfaces.connect.magento.signing import check_magento, is_by_shop


class Magento:
    """Orders of a shop; what an event hints at is asked for before anything is booked.

    Keeps: which fields an event has is chosen by whoever set it up, and none of them needs to be
    there but what says which order it is.
    """

    mapping: Final = resources.files(__package__).joinpath("mapping.yaml").read_text("utf-8")
    signs_by_its_own: Final = True

    def greets(self, headers: Headers, body: bytes) -> bool:
        """It never asks only whether anybody is there."""
        return False

    def check(
        self, secrets: Sequence[bytes], headers: Headers, bodies: Sequence[bytes], now: datetime
    ) -> str:
        """The second it came in, as no event of a webhook has an id. Faults: BadSignature."""
        check_magento(secrets, headers, bodies)
        return str(int(now.timestamp()))

    def events(self, post: Post) -> tuple[Sent, ...]:
        """One event, or several of Adobe's; none of a question about a cart, which is answered at
        once."""
        require_json(post.headers.get(b"content-type"))
        scan(post.body)
        if is_cart(post.body):
            return ()
        return events_of(post.body, post.id, by_adobe=not is_by_shop(post.headers))

    def hints_at(self, root: Any) -> str | None:
        """What has to be asked for before anything can be booked; nothing for what was."""
        return asks_about(root)

    def codes(self, root: Any) -> tuple[str, ...]:
        """The codes a paid order was made cheaper by; several of them stand in one text."""
        order = root.get("order") if root.get("state") in ("paid", "closed") else None
        said = order.get("coupon_code") if isinstance(order, dict) else None
        parts = said.split(",") if isinstance(said, str) else ()
        return tuple(one.strip() for one in parts if one.strip())

    def asks(self, root: Any) -> None:
        """A shop of one's own asks nobody for that."""
        return

    def seen(self, root: Any) -> Any:
        """What a mapping looks at."""
        return seen(root)
