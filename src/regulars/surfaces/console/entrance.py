"""DEV STUB."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.response import Redirect

from regulars.records.access.staff.types import Staff
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.given import Given
from regulars.surfaces.ui.routes import reader_of, theme_of


class Entrance:
    def __init__(self, given: Given) -> None:
        self._given = given

    async def here(self, request: Request[Any, Any, Any]) -> Here | None:
        program_id = await self._given.shown_program()
        terms = await self._given.programs.terms(program_id)
        program = terms.at(self._given.now()).program
        staff = Staff(
            UUID(int=1),
            "Ada Lovelace",
            "ada@example.org",
            "owner",
            None,
            "active",
            datetime(2026, 1, 1, tzinfo=UTC),
            "demo",
        )
        return Here(
            self._given,
            terms,
            staff,
            reader_of(request, zone=program.zone, otherwise=program.locale),
            "csrf",
            theme_of(request),
            request.scope["path"],
            request.query_params,
            request.headers.get("hx-request") == "true",
        )

    def to_sign_in(self, request: Any) -> Response[Any]:
        return Redirect("/console/sign-in")

    async def form(self, request: Request[Any, Any, Any], here: Here) -> Form:
        sent = await request.form()
        return Form({name: tuple(sent.getall(name)) for name in sent}, request.path_params)
