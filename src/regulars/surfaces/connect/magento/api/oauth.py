"""Requests to a Magento shop, signed by OAuth 1.0a: since 2.4.4 no token stands alone there."""

from __future__ import annotations

from typing import Final

from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, Client

from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.magento.api.refusals import Message

REFUSED: Final = (
    ("consumer key", "it does not know this consumer key"),
    ("a consumer", "it does not know this consumer key"),
    ("signature", "it knows them, and a secret is wrong: that of the consumer or of the token"),
    ("nonce", "it heard this request before: it is asked once more"),
    ("timestamp", "its clock and ours are more than ten minutes apart"),
    ("token", "it does not know this access token, or it is not of this consumer"),
)
"""What it says, as far as that tells which of the four keys is wrong."""


def allowed(keys: ShopKeys, method: str, url: str) -> str:
    """What stands above a request, so that the shop lets it in: signed where there is anything to
    sign by, the token alone where there is not.

    Keeps: each has a nonce and a second of its own, so that whoever overhears one cannot send it
    again. A body is JSON and not signed. Source: RFC 5849, by `oauthlib`; Adobe Commerce,
    OAuth-based authentication (HMAC-SHA256).
    """
    if not keys.consumer:
        return f"Bearer {keys.key}"
    signer = Client(
        keys.consumer,
        client_secret=keys.consumer_secret,
        resource_owner_key=keys.key,
        resource_owner_secret=keys.token_secret,
        signature_method=SIGNATURE_HMAC_SHA256,
    )
    _, headers, _ = signer.sign(url, http_method=method)
    return str(headers["Authorization"])


def refused_by(message: Message) -> str:
    """Which of the four keys it does not take, of an answer 401 to a signed request."""
    said = message.text.lower()
    known = (says for word, says in REFUSED if word in said)
    return next(known, f"it does not let us in: {message.text or 'it does not say why'}")
