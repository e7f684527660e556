"""Everything that answers on the port, as one ASGI application."""

from __future__ import annotations

from typing import Any

from regulars.surfaces.api.access import Access
from regulars.surfaces.api.front import Front
from regulars.surfaces.api.hot import HotActivities
from regulars.surfaces.given import Given


def build(given: Given) -> Front:
    """The application: the API, its documentation and the landing page."""
    access = Access(given.database, given.ticks)
    hot = HotActivities(given, access)
    return Front(
        {
            ("POST", "/v1/activities"): hot.one,
            ("POST", "/v1/activities/batch"): hot.batch,
        },
        _nothing_yet,
    )


async def _nothing_yet(scope: Any, receive: Any, send: Any) -> None:
    ok = scope["path"] == "/healthz"
    await send({"type": "http.response.start", "status": 200 if ok else 404, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
