"""Forms of the card: what was typed, and the proof that our own page sent it."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request, Response

from regulars.base.faults import Forbidden, Invalid
from regulars.base.keyed import Keyed, digest_of, same

Asked = Request[Any, Any, Any]
MOST_BYTES: Final = 16_384
MOST_FIELDS: Final = 60
VISIT: Final = "visit"
"""A cookie for who is not signed in: the proof of their forms hangs on it."""
PROOF: Final = "proof"
"""The field that proves that a form is ours (OWASP: signed double submit)."""


class Form(dict[str, str]):
    """What was typed, by field; a field that was not sent is empty."""

    def __missing__(self, name: str) -> str:
        return ""


async def form_of(request: Asked, keyed: Keyed, held: str) -> Form:
    """What a form of ours was sent with; `held` is the cookie its proof hangs on.

    Faults: Forbidden for a form that is not ours, Invalid for what is no form or too much.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none"):
        raise Forbidden("this form came from another site")
    form = typed(await _body(request))
    if not held or not same(form[PROOF], proof_of(keyed, held)):
        raise Forbidden("this page was open for too long; load it again and send it once more")
    return form


def typed(body: bytes) -> Form:
    """The fields of a form as browsers send it, each by its last value."""
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except (UnicodeDecodeError, ValueError):
        raise Invalid("this is no form of ours") from None
    return Form({name: "".join(s for s in value if s.isprintable() or s in "\n\t")
                 for name, value in pairs})  # fmt: skip


def proof_of(keyed: Keyed, held: str) -> str:
    """What a form must carry that belongs to whoever holds this cookie."""
    return digest_of(keyed, "form", held).hex()[:40]


def set_cookie(
    request: Asked, answer: Response[Any], name: str, value: str, *, days: int | None = None
) -> None:
    """Give the browser a cookie only our own pages get; without `days` until it is closed."""
    answer.set_cookie(
        key=name,
        value=value,
        max_age=None if days is None else days * 86_400,
        path="/",
        secure=behind_tls(request),
        httponly=True,
        samesite="lax",
    )


def behind_tls(request: Asked) -> bool:
    """Whether the browser came over TLS, to us or to what stands before us."""
    before = request.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    return (before or request.url.scheme) == "https"


async def _body(request: Asked) -> bytes:
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise Invalid("this form is too long")
    got = b""
    async for part in request.stream():
        got += part
        if len(got) > MOST_BYTES:
            raise Invalid("this form is too long")
    return got
