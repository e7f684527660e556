"""From where and how a browser comes, and the cookies it keeps for us.

Whoever asks was made out before (`api/front/proxies.py`): here nothing is believed but that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit

from litestar import Request
from litestar.datastructures import Cookie

from regulars.records.access.staff.tokens import counted_as

Asked = Request[Any, Any, Any]
MOST_ASKED: Final = 100
"""An address with more is none of ours."""
HOST_ONLY: Final = "__Host-"
"""Browsers take this name only with Secure, from us alone and for the whole site."""


def behind_tls(request: Asked) -> bool:
    """Whether the browser speaks TLS, to us or to the proxy before us."""
    return bool(request.scope["scheme"] == "https")


def address_of(request: Asked) -> str:
    """The internet address of the browser."""
    return request.client.host if request.client else ""


def machine_of(request: Asked) -> str:
    """As whom tries of this browser are counted, where nobody is in."""
    return counted_as(address_of(request))


def origin_of(request: Asked) -> str:
    """Where our pages come from, as a browser writes it."""
    scheme = "https" if behind_tls(request) else "http"
    return f"{scheme}://{request.headers.get('host', '')}"


def from_our_page(request: Asked) -> bool:
    """Whether a form comes from a page of ours, as far as the browser says: both must hold."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "")
    return site in ("same-origin", "none") and (not origin or origin == origin_of(request))


def kept_in(request: Asked) -> Mapping[str, str]:
    """The cookies that are believed, by their names without prefix."""
    if not behind_tls(request):
        return request.cookies
    return {
        name.removeprefix(HOST_ONLY): value
        for name, value in request.cookies.items()
        if name.startswith(HOST_ONLY)
    }


def asked_for(request: Asked) -> Mapping[str, str]:
    """What the address asks for; a part that a page loads afterwards speaks as its page was asked
    to, whatever the part's own address leaves out.

    Example: `/console?lang=de` loads `/console/figures`, and these are German, too.
    """
    page = request.headers.get("hx-current-url", "")
    if not page or "lang" in request.query_params:
        return request.query_params
    try:
        found = parse_qs(urlsplit(page).query, max_num_fields=MOST_ASKED)
    except ValueError:
        return request.query_params
    return {"lang": found["lang"][0]} if "lang" in found else request.query_params


def cookie_of(
    name: str,
    value: str,
    *,
    tls: bool,
    seconds: int | None = None,
    site: Literal["lax", "strict"] = "lax",
) -> Cookie:
    """A cookie only our own pages get and no script reads; without `seconds` until the browser is
    closed, with an empty value gone.

    Keeps: over TLS the name begins so that no neighbour under our domain can plant one.
    """
    return Cookie(
        key=HOST_ONLY + name if tls else name,
        value=value,
        max_age=seconds if value else 0,
        path="/",
        secure=tls,
        httponly=True,
        samesite=site,
    )
