"""Forms of the card: what was typed, and the proof that our own page sent it."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

from litestar import Request, Response

from regulars.base.faults import Forbidden, Invalid
from regulars.base.keyed import Keyed, digest_of, same
from regulars.surfaces.ui.coming import behind_tls, cookie_of, from_our_page, kept_in

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
    if not from_our_page(request):
        raise Forbidden("this form came from another site")
    form = typed(await _body(request))
    if not held or not same(form[PROOF], proof_of(keyed, held)):
        raise Forbidden("this page was open for too long; load it again and send it once more")
    return form


def visitor(request: Asked) -> str:
    """What this browser holds where nobody is in; nothing before it has seen a page of ours."""
    return kept_in(request).get(VISIT, "")


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
    seconds = None if days is None else days * 86_400
    answer.set_cookie(cookie_of(name, value, tls=behind_tls(request), seconds=seconds))


async def _body(request: Asked) -> bytes:
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise Invalid("this form is too long")
    got = b""
    async for part in request.stream():
        got += part
        if len(got) > MOST_BYTES:
            raise Invalid("this form is too long")
    return got
