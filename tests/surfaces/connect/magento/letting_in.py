"""How such a shop finds out who asks: by OAuth 1.0a, checked by the library's own verifier."""

from __future__ import annotations

from typing import Any

import msgspec
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA256, RequestValidator, SignatureOnlyEndpoint

from regulars.surfaces.senders.outgoing.client import Answer, Sending


class Integration(RequestValidator):  # type: ignore[misc]
    """The four keys of an integration as they are there, and every nonce it heard."""

    enforce_ssl = True
    allowed_signature_methods = (SIGNATURE_HMAC_SHA256,)  # as of 2.4.4
    client_key_length = access_token_length = (1, 64)
    nonce_length = (8, 32)  # a column of 32 letters

    def __init__(self, token: str) -> None:
        super().__init__()
        self.consumer, self.consumer_secret = "consumer-1", "consumer-secret-1"
        self.token, self.token_secret = token, "token-secret-1"
        self.heard: set[str] = set()
        self.why = ""

    @property
    def keys(self) -> dict[str, str]:
        """As somebody enters them."""
        names = ("consumer", "consumer_secret", "token_secret")
        return {"key": self.token, **{name: getattr(self, name) for name in names}}

    def refuses(self, sending: Sending) -> Answer | None:
        """What it answers to whom it does not let in."""
        self.why = "The signature is invalid. Verify and try again."
        headers = {name: value for name, value in sending.headers if name == "Authorization"}
        letting = SignatureOnlyEndpoint(self)
        if not headers["Authorization"].startswith("OAuth "):
            self.why = "The consumer isn't authorized to access %resources."
        elif "+" in sending.url:  # older ones decode it raw, and sign for the sign itself
            pass
        elif letting.validate_request(sending.url, sending.method, None, headers)[0]:
            return None
        said: dict[str, Any] = {"message": self.why, "parameters": {"resources": "self"}}
        return Answer(401, {}, msgspec.json.encode(said))

    def check_client_key(self, client_key: str) -> bool:
        return True

    def check_access_token(self, request_token: str) -> bool:
        return True

    def check_nonce(self, nonce: str) -> bool:
        return 8 <= len(nonce) <= 32

    def validate_timestamp_and_nonce(
        self, client_key: str, timestamp: str, nonce: str, request: Any, **tokens: Any
    ) -> bool:
        if nonce in self.heard:
            self.why = "The nonce is already being used by the consumer with ID 1."
            return False
        self.heard.add(nonce)
        return True

    def validate_client_key(self, client_key: str, request: Any) -> bool:
        good = client_key == self.consumer
        self.why = self.why if good else "A consumer having the specified key does not exist"
        return good

    def get_client_secret(self, client_key: str, request: Any) -> str:
        return self.consumer_secret

    def get_access_token_secret(self, client_key: str, token: str, request: Any) -> str:
        if token != self.token:
            self.why = "Specified token does not exist"
            return "nobody's"
        return self.token_secret

    @property
    def dummy_client(self) -> str:
        return "nobody"

    @property
    def dummy_access_token(self) -> str:
        return "nothing"
