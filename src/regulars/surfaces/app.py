"""Everything that answers on the port, as one ASGI application."""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.exceptions import HTTPException, MethodNotAllowedException
from litestar.response import Response

from regulars.base.faults import NotFound
from regulars.surfaces.api.answers import failed
from regulars.surfaces.api.door import Door
from regulars.surfaces.api.faults import NoSuchMethod
from regulars.surfaces.api.front import Front
from regulars.surfaces.api.hot import HotActivities
from regulars.surfaces.api.operations.table import OPERATIONS
from regulars.surfaces.api.routes import response_of, routes
from regulars.surfaces.given import Given
from regulars.surfaces.pages.routes import page_routes


def build(given: Given) -> Front:
    """The application: the API, its documentation and the landing page."""
    door = Door.to(given)
    hot = HotActivities(door)
    framework = Litestar(
        route_handlers=[*page_routes(given), *routes(OPERATIONS, door)],
        openapi_config=None,
        exception_handlers={Exception: _on_error(given)},
        # Bodies are limited, read and judged by api/bodies.py.
        request_max_body_size=None,
        logging_config=None,
    )
    return Front(
        {
            ("POST", "/v1/activities"): hot.one,
            ("POST", "/v1/activities/batch"): hot.batch,
        },
        framework,
    )


def _on_error(given: Given) -> Any:
    def answer(request: Any, error: Exception) -> Response[bytes]:
        """What the framework itself refuses, in the form of all other problems."""
        path = request.scope["path"]
        if isinstance(error, MethodNotAllowedException):
            # Only pages are left to the framework's judgement; they are looked at.
            allow = "GET, HEAD, OPTIONS"
            error = NoSuchMethod(f"this address takes {allow}", allow=allow)
        elif isinstance(error, HTTPException) and error.status_code < 500:
            error = NotFound("there is nothing at this address; the reference is at /docs")
        return response_of(failed(error, path, given.report))

    return answer
