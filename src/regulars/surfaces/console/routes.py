"""The addresses of the console: each names who may come, so none can be forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.begin import counter, inside, looking, real
from regulars.surfaces.console.begin.looking import LARGEST_UPLOAD
from regulars.surfaces.console.begin.routes import begin_routes
from regulars.surfaces.console.door.guard import LARGEST_FORM, Does, Shows, form_for, page_for
from regulars.surfaces.console.door.proving import House
from regulars.surfaces.console.door.routes import door_routes
from regulars.surfaces.console.door.session import Asking, Visit
from regulars.surfaces.console.first import home, owed
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here, here_of
from regulars.surfaces.console.people import adjusting, blocking, member, members
from regulars.surfaces.console.team import keys, me, people, settings, stores, watching
from regulars.surfaces.console.terms import bench, terms
from regulars.surfaces.given import Given

View = Callable[[Here, Any], Awaitable[Response[Any]]]
Forget = Callable[[], None]
P = Permission


class Shown(Struct, frozen=True):
    """A page: its address, who may see it (everybody who works here, without one), what it is."""

    path: str
    may: Permission | None
    view: View


class Done(Struct, frozen=True):
    """Something a form does: its address, who may, what it does with what was typed."""

    path: str
    may: Permission | None
    act: View
    largest: int = LARGEST_FORM


def pages(glance: home.Glance) -> tuple[Shown, ...]:
    """Every page of the console."""
    sums = owed.Sums()
    return (
        Shown("/console", None, lambda here, _: home.home(here)),
        Shown("/console/me", None, lambda here, _: me.me(here)),
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
            "/console/program/versions/{number:str}",
            P.PROGRAM_READ,
            lambda here, path: terms.version_file(here, path["number"]),
        ),
        Shown(
            "/console/program/drafts/{name:str}",
            P.PROGRAM_READ,
            lambda here, path: terms.draft(here, path["name"]),
        ),
        Shown(
            "/console/program/drafts/{name:str}/try",
            P.PROGRAM_READ,
            lambda here, path: bench.tried(here, path["name"]),
        ),
        Shown("/console/rewards", P.PROGRAM_READ, lambda here, _: terms.rewards(here)),
        Shown("/console/owed", P.BOOKS_READ, lambda here, _: owed.owed(here, sums)),
        Shown("/console/requests", P.ADJUST_APPROVE, lambda here, _: watching.requests(here)),
        Shown("/console/alerts", P.ALERTS_READ, lambda here, _: watching.alerts(here)),
        Shown("/console/stores", P.PROGRAM_READ, lambda here, _: stores.stores(here)),
        Shown("/console/team", P.STAFF_READ, lambda here, _: people.team(here)),
        Shown("/console/team/add", P.CASHIERS_WRITE, lambda here, _: people.add_form(here)),
        Shown(
            "/console/team/{staff_id:str}",
            P.STAFF_READ,
            lambda here, path: people.one(here, path["staff_id"]),
        ),
        Shown("/console/audit", P.AUDIT_READ, lambda here, _: people.acts(here)),
        Shown("/console/keys", P.KEYS_WRITE, lambda here, _: keys.keys(here)),
        *shop_pages(),
    )


def shop_pages() -> tuple[Shown, ...]:
    """The shop itself: its settings, and how it opens once there is a program."""
    return (
        Shown("/console/settings", P.SETTINGS_WRITE, lambda here, _: settings.settings(here)),
        Shown("/console/start/look", P.SETTINGS_WRITE, lambda here, _: looking.look(here)),
        Shown("/console/start/store", P.SETTINGS_WRITE, lambda here, _: inside.store(here)),
        Shown("/console/start/code", P.SETTINGS_WRITE, lambda here, _: inside.code(here)),
        Shown("/console/start/member", P.SETTINGS_WRITE, lambda here, _: inside.member(here)),
        Shown("/console/start/real", P.SETTINGS_WRITE, lambda here, _: real.real(here)),
        Shown(
            "/console/stores/{store:str}/counter",
            P.PROGRAM_READ,
            lambda here, path: counter.counter(here, path["store"]),
        ),
    )


FORMS: tuple[Done, ...] = (
    Done("/console/me/password", None, me.change_password),
    Done("/console/me/pin", None, me.change_pin),
    Done("/console/me/member", None, me.say_member),
    Done("/console/me/passkeys/end", None, me.end_passkey),
    Done("/console/look", None, me.change_look),
    Done("/console/members/{member_id:str}/adjust", P.ADJUST_ASK, adjusting.adjust),
    Done("/console/members/{member_id:str}/block", P.MEMBERS_BLOCK, blocking.block),
    Done("/console/requests/{request_id:str}", P.ADJUST_APPROVE, watching.decide),
    Done("/console/alerts/{alert_id:str}", P.ALERTS_WRITE, watching.note_alert),
    Done("/console/stores", P.STORES_WRITE, stores.keep),
    Done("/console/stores/{store:str}/code", P.TILLS_WRITE, stores.make_code),
    Done("/console/tills/{till_id:str}", P.TILLS_WRITE, stores.turn),
    Done("/console/till-records/{record_id:str}", P.TILLS_WRITE, stores.decide),
    Done("/console/team/add", P.CASHIERS_WRITE, people.add),
    Done("/console/team/{staff_id:str}", P.CASHIERS_WRITE, people.change),
    Done("/console/settings", P.SETTINGS_WRITE, settings.change),
    Done("/console/settings/messages", P.SETTINGS_WRITE, settings.change_messages),
    Done("/console/settings/deliveries/{delivery_id:str}", P.SETTINGS_WRITE, settings.again),
    Done("/console/start/look", P.SETTINGS_WRITE, looking.change, LARGEST_UPLOAD),
    Done("/console/start/store", P.SETTINGS_WRITE, inside.open_store),
    Done("/console/start/code", P.SETTINGS_WRITE, inside.code_is_up),
    Done("/console/start/member", P.SETTINGS_WRITE, inside.first_member),
    Done("/console/start/real", P.SETTINGS_WRITE, real.start),
    Done("/console/keys", P.KEYS_WRITE, keys.make),
    Done("/console/keys/{key_id:str}/revoke", P.KEYS_WRITE, keys.revoke),
    Done(
        "/console/program/drafts",
        P.PROGRAM_WRITE,
        lambda here, form: terms.begin_draft(here, form.get("name")),
    ),
    Done(
        "/console/program/drafts/{name:str}",
        P.PROGRAM_WRITE,
        lambda here, form: terms.save_draft(
            here, form.path["name"], form.get("source"), form.whole("revision")
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


def console_routes(given: Given, forget_keys: Forget) -> list[HTTPRouteHandler]:
    """Every address under `/console`; each goes through `door/guard.py`, and a test sees to it.

    `forget_keys` makes the API look every key up again, once one was revoked here.
    """
    house, glance = House.of(given, forget_keys), home.Glance()
    return [
        *door_routes(house),
        *begin_routes(house),
        *(page_for(house, one.path, one.may, _shows(one.view)) for one in pages(glance)),
        *(form_for(house, one.path, one.may, _does(one.act), one.largest) for one in FORMS),
    ]


def _shows(view: View) -> Shows:
    async def show(house: House, visit: Visit, request: Asking) -> Response[Any]:
        return await view(await here_of(house, visit, request), request.path_params)

    return show


def _does(act: View) -> Does:
    async def do(house: House, visit: Visit, request: Asking, form: Form) -> Response[Any]:
        return await act(await here_of(house, visit, request), form)

    return do
