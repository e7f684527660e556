"""The addresses of the pages, of the OpenAPI document and of the two signs of life."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, NotFound, Outage
from regulars.surfaces.api import openapi
from regulars.surfaces.api.catalogue import CATALOGUE
from regulars.surfaces.api.operations.table import TAGS
from regulars.surfaces.given import Given
from regulars.surfaces.pages import reference
from regulars.surfaces.pages.landing import Landing, address_of
from regulars.surfaces.ui.paper import NEVER, page, rendered, sent, text_answer

Asked = Request[Any, Any, Any]


def page_routes(given: Given) -> list[HTTPRouteHandler]:
    """Everything that is not the API."""
    return [
        _landing(given),
        docs,
        problem_list,
        problem,
        openapi_json,
        healthz,
        _readyz(given),
    ]


def _landing(given: Given) -> HTTPRouteHandler:
    landing = Landing(given)

    @get("/")
    async def show(request: Asked) -> Response[str]:
        try:
            shown = await landing.shown()
        except (Outage, Fault):
            shown = None
        address = address_of(request.headers.get("host"))
        return page("pages/templates/landing.html", keep=NEVER, shown=shown, address=address)

    return show


@get("/docs")
async def docs() -> Response[str]:
    """The API reference."""
    return sent(_reference())


@lru_cache(maxsize=1)
def _reference() -> str:
    return rendered(
        "pages/templates/reference.html",
        about=openapi.ABOUT,
        by_tag=reference.by_tag(),
        tags=TAGS,
        shapes=reference.shapes(),
        problems=reference.problems(),
    )


@get("/docs/problems")
async def problem_list() -> Response[str]:
    """Every kind of problem."""
    return page("pages/templates/problems.html", problems=reference.problems())


@get("/docs/problems/{code:str}")
async def problem(request: Asked) -> Response[str]:
    """One kind of problem."""
    code = request.path_params["code"]
    if code not in CATALOGUE:
        raise NotFound("there is no problem of this name")
    return page("pages/templates/problem.html", code=code, problem=CATALOGUE[code])


@get("/openapi.json")
async def openapi_json() -> Response[Any]:
    """The OpenAPI document."""
    return text_answer(openapi.text(), "application/json")


@get("/healthz")
async def healthz() -> Response[Any]:
    """This process lives."""
    return text_answer("ok\n", "text/plain", keep=NEVER)


def _readyz(given: Given) -> HTTPRouteHandler:
    @get("/readyz")
    async def readyz() -> Response[Any]:
        why = await _not_ready(given)
        body = json.dumps({"ready": not why, **({"why": why} if why else {})})
        status = 503 if why else 200
        return text_answer(body, "application/json", keep=NEVER, status=status)

    return readyz


async def _not_ready(given: Given) -> str:
    """Why it is too early to send work here; nothing when it is not."""
    try:
        async with given.database.transaction(0) as tx:
            await tx.fetch("select 1")
        program_id = await given.shown_program()
        if program_id is None:
            return "there is no program yet; publish one"
        await given.programs.terms(program_id)
    except Outage as outage:
        return outage.says
    except Fault as fault:
        return fault.says
    return ""
