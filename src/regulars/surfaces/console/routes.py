"""The addresses of the console: each names who may come, so none can be forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.begin import counter, inside, looking, real
from regulars.surfaces.console.begin.looking import LARGEST_UPLOAD
from regulars.surfaces.console.begin.routes import begin_routes
from regulars.surfaces.console.door.guard import (
    LARGEST_FORM,
    Brings,
    Does,
    Shows,
    bringing_for,
    form_for,
    page_for,
)
from regulars.surfaces.console.door.proving import House
from regulars.surfaces.console.door.routes import door_routes
from regulars.surfaces.console.door.session import Asking, Visit
from regulars.surfaces.console.errands import files
from regulars.surfaces.console.errands import routes as errands
from regulars.surfaces.console.first import home, left, owed, winning
from regulars.surfaces.console.first.reports import routes as reports
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here, here_of
from regulars.surfaces.console.offers import appointments, associates, rewards
from regulars.surfaces.console.offers import routes as offers
from regulars.surfaces.console.people import (
    adjusting,
    blocking,
    cards,
    erasing,
    mail,
    member,
    members,
    merging,
    notes,
    taking,
    views,
)
from regulars.surfaces.console.people.lately import activity
from regulars.surfaces.console.people.many import rounds, tagging
from regulars.surfaces.console.team import (
    hooks,
    keys,
    requests,
    settings,
    stores,
    watching,
    web_shops,
)
from regulars.surfaces.console.team.sources import klaviyo
from regulars.surfaces.console.team.sources import routes as sources
from regulars.surfaces.console.team.staff import me, people
from regulars.surfaces.console.terms import routes as terms_routes
from regulars.surfaces.console.terms import terms
from regulars.surfaces.console.terms.editor import routes as drafts
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


KEYS: tuple[Shown, ...] = (
    Shown("/console/keys", P.KEYS_WRITE, lambda here, _: keys.keys(here)),
    Shown("/console/web-shop", P.KEYS_WRITE, lambda here, _: web_shops.web_shops(here)),
)
_PROGRAM: tuple[Shown, ...] = (
    Shown("/console/program", P.PROGRAM_READ, lambda here, _: terms.program(here)),
    Shown(
        "/console/program/versions/{number:str}",
        P.PROGRAM_READ,
        lambda here, path: terms.version_file(here, path["number"]),
    ),
    *(Shown(*one) for one in drafts.PAGES),
)
"""The program, its versions and drafts."""
_PEOPLE: tuple[Shown, ...] = (
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
    Shown(
        "/console/members/{member_id:str}/appointments",
        P.BENEFITS_WRITE,
        lambda here, path: appointments.appointments(here, path["member_id"]),
    ),
    Shown(
        "/console/members/{member_id:str}/associates",
        P.BENEFITS_WRITE,
        lambda here, path: associates.of_member(here, path["member_id"]),
    ),
    Shown(
        "/console/members/{member_id:str}/merge",
        P.MEMBERS_MERGE,
        lambda here, path: merging.merge_form(here, path["member_id"]),
    ),
    Shown(
        "/console/members/{member_id:str}/erase",
        P.MEMBERS_ERASE,
        lambda here, path: erasing.erase_form(here, path["member_id"]),
    ),
    Shown(
        "/console/members/{member_id:str}/card",
        P.MEMBERS_WRITE,
        lambda here, path: cards.card_form(here, path["member_id"]),
    ),
    Shown("/console/activity", P.MEMBERS_READ, lambda here, _: activity.activity(here)),
    Shown("/console/tags/new", P.MEMBERS_WRITE, lambda here, _: tagging.tag_form(here)),
    Shown("/console/rounds/new", P.ADJUST_WRITE, lambda here, _: rounds.round_form(here)),
    Shown(
        "/console/rounds/{round_id:str}",
        P.MEMBERS_READ,
        lambda here, path: rounds.one_round(here, path["round_id"]),
    ),
)


def pages(glance: home.Glance) -> tuple[Shown, ...]:
    """Every page of the console."""
    return (
        *_pages(glance),
        *(
            Shown(*one)
            for one in (
                *errands.PAGES,
                *offers.PAGES,
                *hooks.PAGES,
                *klaviyo.PAGES,
                *sources.PAGES,
                *terms_routes.PAGES,
                *winning.PAGES,
                *requests.PAGES,
                *reports.PAGES,
            )
        ),
    )


def _pages(glance: home.Glance) -> tuple[Shown, ...]:
    sums = owed.Sums()
    return (
        Shown("/console", None, lambda here, _: home.home(here)),
        Shown("/console/me", None, lambda here, _: me.me(here)),
        Shown("/console/figures", P.REPORTS_READ, lambda here, _: home.home_figures(here, glance)),
        *_PEOPLE,
        *_PROGRAM,
        Shown("/console/rewards", P.PROGRAM_READ, lambda here, _: rewards.rewards(here)),
        Shown(
            "/console/rewards/{reward:str}/card",
            P.PROGRAM_READ,
            lambda here, path: rewards.as_member(here, path["reward"]),
        ),
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
        *KEYS,
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
    Done("/console/me/view", None, me.change_view),
    Done("/console/me/month", Permission.REPORTS_READ, me.change_letter),
    Done("/console/look", None, me.change_look),
    Done("/console/members/{member_id:str}/adjust", P.ADJUST_ASK, adjusting.adjust),
    Done("/console/members/{member_id:str}/block", P.MEMBERS_BLOCK, blocking.block),
    Done("/console/members/{member_id:str}/appointments", P.BENEFITS_WRITE, appointments.book),
    Done(
        "/console/members/{member_id:str}/appointments/{use_id:str}",
        P.BENEFITS_WRITE,
        appointments.change,
    ),
    Done("/console/members/{member_id:str}/associates", P.BENEFITS_WRITE, associates.keep),
    Done("/console/members/{member_id:str}/merge", P.MEMBERS_MERGE, merging.merge),
    Done("/console/members/{member_id:str}/erase", P.MEMBERS_ERASE, erasing.erase),
    Done("/console/members/{member_id:str}/card", P.MEMBERS_WRITE, cards.replace_card),
    Done("/console/members/{member_id:str}/file", P.MEMBERS_EXPORT, erasing.person_file),
    Done("/console/members/{member_id:str}/mail", P.MEMBERS_WRITE, mail.confirm),
    Done("/console/members/{member_id:str}/consents", P.MEMBERS_WRITE, mail.ask_consent),
    Done("/console/members/{member_id:str}/no-more", P.MEMBERS_WRITE, mail.hear_no),
    Done("/console/members/{member_id:str}/notes", P.MEMBERS_WRITE, notes.write),
    Done(
        "/console/members/{member_id:str}/notes/{note_id:str}/delete", P.MEMBERS_WRITE, notes.drop
    ),
    Done("/console/members/file", P.MEMBERS_EXPORT, taking.members_file),
    Done("/console/views", P.MEMBERS_READ, views.keep),
    Done("/console/views/{view_id:str}/delete", P.MEMBERS_READ, views.drop),
    Done("/console/rounds", P.ADJUST_WRITE, rounds.begin),
    Done("/console/tags", P.MEMBERS_WRITE, tagging.tag_many),
    Done("/console/members/{member_id:str}/tags", P.MEMBERS_WRITE, tagging.tag_one),
    Done("/console/rounds/{round_id:str}", P.MEMBERS_READ, rounds.turn),
    Done("/console/requests/{request_id:str}", P.ADJUST_APPROVE, watching.decide),
    Done("/console/alerts/{alert_id:str}", P.ALERTS_WRITE, watching.note_alert),
    Done("/console/stores", P.STORES_WRITE, stores.keep),
    Done("/console/stores/{store:str}/offline", P.STORES_WRITE, stores.keep_ready),
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
    Done("/console/web-shop", P.KEYS_WRITE, web_shops.make),
    Done("/console/web-shop/{key_id:str}", P.KEYS_WRITE, web_shops.change),
    Done("/console/keys/{key_id:str}/revoke", P.KEYS_WRITE, keys.revoke),
    *(
        Done(*one)
        for one in (
            *errands.FORMS,
            *offers.FORMS_DONE,
            *hooks.FORMS_DONE,
            *klaviyo.FORMS_DONE,
            *sources.FORMS_DONE,
            *winning.FORMS_DONE,
            *left.FORMS_DONE,
            *terms_routes.FORMS_DONE,
            *drafts.FORMS_DONE,
            *reports.FORMS,
        )
    ),
    Done(*terms_routes.LIST_FILE),
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
        *(page_for(house, path, may, _shows(view)) for path, may, view in errands.LISTS),
        *(
            bringing_for(house, path, may, _brings(take), partial(files.room, use=use))
            for path, may, take, use in errands.FILES
        ),
    ]


def _shows(view: View) -> Shows:
    async def show(house: House, visit: Visit, request: Asking) -> Response[Any]:
        return await view(await here_of(house, visit, request), request.path_params)

    return show


def _does(act: View) -> Does:
    async def do(house: House, visit: Visit, request: Asking, form: Form) -> Response[Any]:
        return await act(await here_of(house, visit, request), form)

    return do


def _brings(take: errands.Take) -> Brings:
    async def bring(house: House, visit: Visit, request: Asking, came: Any) -> Response[Any]:
        return await take(await here_of(house, visit, request), came)

    return bring
