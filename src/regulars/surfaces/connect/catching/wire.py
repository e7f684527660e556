"""On the wire: which shop is asked for what was not told, and how far that is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.records.inlets.catching.types import CatchUp
from regulars.surfaces.api.wire.parts import Instant

Address = Annotated[str, Meta(min_length=1, max_length=500)]
ApiKey = Annotated[str, Meta(min_length=1, max_length=200)]
ApiSecret = Annotated[str, Meta(min_length=1, max_length=4_000)]


class CatchUpSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A shop is to be asked; what is not said stays."""

    address: Address | None = None
    """Where the shop is, as https://shop.example.org."""
    key: ApiKey | None = None
    """As the shop made it for reading: of WooCommerce the consumer key."""
    secret: ApiSecret | None = None
    """Beside the key; kept encrypted and shown to nobody. Of Magento the public key of its
    webhooks, which may be left out where it has none."""
    client: ApiKey | None = None
    """Of Magento, beside the key: the client ID of the project by which Adobe sends I/O events. Of
    Salesforce, beside a private key as the secret: the user it signs in as."""
    since: Instant | None = None
    """Everything that changed from then on is brought in, once more where it was."""
    consumer: ApiKey | None = None
    """Of Magento, beside the access token as the key: the consumer key of the integration. With it
    and the two secrets requests are signed (OAuth 1.0a), as 2.4.4 and later want it."""
    consumer_secret: ApiKey | None = None
    """Of Magento, beside the consumer key; kept encrypted and shown to nobody."""
    token_secret: ApiKey | None = None
    """Of Magento, beside the consumer key: the secret of the access token; kept the same way."""
    token_address: Address | None = None
    """Of a CRM whose mapping says `signs_in`: where its tokens are fetched, as
    https://login.example.org/oauth2/token. Then `key` and `secret` are its client there, and all of
    them go together."""
    refresh_token: ApiSecret | None = None
    """Of a CRM that signs in by a refresh token: that; kept encrypted, as is one it gives anew."""


class CatchUpShown(Struct, frozen=True):
    """Which shop is asked, and how far that is."""

    address: str
    since: datetime
    """Everything that changed from then on is wanted."""
    read_to: datetime
    """Everything that changed before is here."""
    found: int
    """How many came in this way that no webhook had told."""
    ahead: int | None
    """How many are still to come, as the shop says."""
    met_at: datetime | None
    """When nothing was left last."""
    asked_at: datetime | None
    """When it answered last."""
    next_at: datetime
    problem: str
    """Why the last try failed; nothing: it did not."""
    webhooks_silent: bool = False
    """All that changed within a day came this way and nothing by a webhook: look whether the
    webhooks are still there, and switched on. Of WooCommerce, Shopify and Square."""


class CatchUpTried(Struct, frozen=True):
    """Whether a shop answers."""

    answers: bool
    problem: str
    ahead: int | None
    """How many there are to read, as the shop says."""


def catch_up_shown(one: CatchUp, *, silent: bool = False) -> CatchUpShown:
    """How far it is, as the world sees it; without keys."""
    names = [name for name in CatchUpShown.__struct_fields__ if hasattr(one, name)]
    told = {name: getattr(one, name) for name in names}
    return CatchUpShown(**told, webhooks_silent=silent)
