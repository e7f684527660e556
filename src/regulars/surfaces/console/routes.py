"""The addresses of the console: each names who may come, so none can be forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from msgspec import Struct

from regulars.base.faults import Fault
from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console import home, owed, terms
from regulars.surfaces.console.entrance import Entrance
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people import adjusting, blocking, member, members
from regulars.surfaces.console.team import keys, people, watching
from regulars.surfaces.given import Given

Asked = Request[Any, Any, Any]
View = Callable[[Here, Any], Awaitable[Response[Any]]]
P = Permission


class Shown(Struct, frozen=True):
    """A page: its address, who may see it (everybody who works here, without one), what it is."""

    path: str
    may: Permission | None
    view: View


class Done(Struct, frozen=True):
    """Something a form does: its address, who may, what it does with what was typed."""

    path: str
    may: Permission
    act: View


def pages(glance: home.Glance) -> tuple[Shown, ...]:
    """Every page of the console."""
    return (
        Shown("/console", None, lambda here, _: home.home(here)),
        Shown("/console/figures", P.REPORTS_READ, lambda here, _: home.home_figures(here, glance)),
        Shown("/console/members", P.MEMBERS_READ, lambda here, _: members.members(here)),
        Shown(
            "/console/members/{member_id:str}",
            P.MEMBERS_READ,
            lambda here, path: member.member(here, path["member_id"]),
        ),
        Shown(
            "/console/members/{member_id:str}/entries/{entry_id:str}",
            P.MEMBERS_READ,
            lambda here, path: member.entry_why(here, path["member_id"], path["entry_id"]),
        ),
        Shown(
            "/console/members/{member_id:str}/adjust",
            P.ADJUST_ASK,
            lambda here, path: adjusting.adjust_form(here, path["member_id"]),
        ),
        Shown(
            "/console/members/{member_id:str}/block",
            P.MEMBERS_BLOCK,
            lambda here, path: blocking.block_form(here, path["member_id"]),
        ),
        Shown("/console/program", P.PROGRAM_READ, lambda here, _: terms.program(here)),
        Shown(
            "/console/program/versions/{number:int}",
            P.PROGRAM_READ,
            lambda here, path: terms.version_file(here, path["number"]),
        ),
        Shown(
            "/console/program/drafts/{name:str}",
            P.PROGRAM_READ,
            lambda here, path: terms.draft(here, path["name"]),
        ),
        Shown("/console/rewards", P.PROGRAM_READ, lambda here, _: terms.rewards(here)),
        Shown("/console/owed", P.BOOKS_READ, lambda here, _: owed.owed(here)),
        Shown("/console/requests", P.ADJUST_APPROVE, lambda here, _: watching.requests(here)),
        Shown("/console/alerts", P.ALERTS_READ, lambda here, _: watching.alerts(here)),
        Shown("/console/team", P.STAFF_READ, lambda here, _: people.team(here)),
        Shown("/console/team/add", P.CASHIERS_WRITE, lambda here, _: people.add_form(here)),
        Shown(
            "/console/team/{staff_id:str}",
            P.STAFF_READ,
            lambda here, path: people.one(here, path["staff_id"]),
        ),
        Shown("/console/audit", P.AUDIT_READ, lambda here, _: people.acts(here)),
        Shown("/console/keys", P.KEYS_WRITE, lambda here, _: keys.keys(here)),
    )


FORMS: tuple[Done, ...] = (
    Done("/console/members/{member_id:str}/adjust", P.ADJUST_ASK, adjusting.adjust),
    Done("/console/members/{member_id:str}/block", P.MEMBERS_BLOCK, blocking.block),
    Done("/console/requests/{request_id:str}", P.ADJUST_APPROVE, watching.decide),
    Done("/console/alerts/{alert_id:str}", P.ALERTS_WRITE, watching.note_alert),
    Done("/console/team/add", P.CASHIERS_WRITE, people.add),
    Done("/console/team/{staff_id:str}", P.CASHIERS_WRITE, people.change),
    Done("/console/keys", P.KEYS_WRITE, keys.make),
    Done("/console/keys/{key_id:str}/revoke", P.KEYS_WRITE, keys.revoke),
    Done(
        "/console/program/drafts",
        P.PROGRAM_WRITE,
        lambda here, form: terms.begin_draft(here, form.text("name")),
    ),
    Done(
        "/console/program/drafts/{name:str}",
        P.PROGRAM_WRITE,
        lambda here, form: terms.save_draft(
            here, form.path["name"], form.text("source"), form.whole("revision")
        ),
    ),
    Done(
        "/console/program/drafts/{name:str}/delete",
        P.PROGRAM_WRITE,
        lambda here, form: terms.delete_draft(here, form.path["name"], form.whole("revision")),
    ),
    Done(
        "/console/program/drafts/{name:str}/publish",
        P.PROGRAM_PUBLISH,
        lambda here, form: terms.publish_draft(
            here, form.path["name"], form.whole("revision"), form.all("accept")
        ),
    ),
)


def console_routes(given: Given) -> list[HTTPRouteHandler]:
    """Every address of the console, each behind its guard."""
    entrance, glance = Entrance(given), home.Glance()
    return [
        *(_shown(entrance, one) for one in pages(glance)),
        *(_done(entrance, one) for one in FORMS),
    ]


def _shown(entrance: Entrance, one: Shown) -> HTTPRouteHandler:
    @get(one.path, name=f"GET {one.path}")
    async def show(request: Asked) -> Response[Any]:
        here = await entrance.here(request)
        if here is None:
            return entrance.to_sign_in(request)
        if one.may is not None and not here.may(one.may):
            return here.page("refused.html", status=403)
        try:
            return await one.view(here, request.path_params)
        except Fault as fault:
            return here.page("fault.html", status=404, says=fault.says)

    return show


def _done(entrance: Entrance, one: Done) -> HTTPRouteHandler:
    @post(one.path, name=f"POST {one.path}")
    async def act(request: Asked) -> Response[Any]:
        here = await entrance.here(request)
        if here is None:
            return entrance.to_sign_in(request)
        form = await entrance.form(request, here)
        if not here.may(one.may):
            return here.page("refused.html", status=403)
        try:
            answer = await one.act(here, form)
        except Fault as fault:
            return here.page("fault.html", status=422, says=fault.says)
        if isinstance(answer, Redirect):
            answer.status_code = 303
        return answer

    return act
