"""The addresses of the member's card."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from regulars.surfaces.card.coming_in.asking import survey_routes
from regulars.surfaces.card.coming_in.joining import join_routes
from regulars.surfaces.card.coming_in.sign_in import sign_in_routes
from regulars.surfaces.card.coming_in.stopping import stop_routes
from regulars.surfaces.card.community.clubs import club_routes
from regulars.surfaces.card.community.forum import forum_routes
from regulars.surfaces.card.community.gatherings import gathering_routes
from regulars.surfaces.card.community.lessons import lesson_routes
from regulars.surfaces.card.community.posts import post_routes
from regulars.surfaces.card.desk import Desk
from regulars.surfaces.card.keeping import keeping_routes
from regulars.surfaces.card.passes.routes import pass_routes
from regulars.surfaces.card.person.appointments import appointment_routes
from regulars.surfaces.card.person.buying import buying_routes
from regulars.surfaces.card.person.devices import device_routes
from regulars.surfaces.card.person.friends import friend_routes
from regulars.surfaces.card.person.giving import giving_routes
from regulars.surfaces.card.person.having import having_routes
from regulars.surfaces.card.person.inbox import inbox_routes
from regulars.surfaces.card.person.leaving import leaving_routes
from regulars.surfaces.card.person.line import line_routes
from regulars.surfaces.card.person.messages import message_routes
from regulars.surfaces.card.person.missing import missing_routes
from regulars.surfaces.card.person.offered import offered_routes
from regulars.surfaces.card.person.overview import overview_routes
from regulars.surfaces.card.person.payouts import payout_routes
from regulars.surfaces.card.person.playing import playing_routes
from regulars.surfaces.card.showing.code import code_shown, look_at_number
from regulars.surfaces.card.showing.earning import look_at_ways
from regulars.surfaces.card.showing.history import look_at_history, look_at_why
from regulars.surfaces.card.showing.home import home_routes, look_at_rewards
from regulars.surfaces.given import Given


def card_routes(given: Given) -> list[HTTPRouteHandler]:
    """Every page of the card."""
    desk = Desk(given)
    pages: dict[str, tuple[str, Any]] = {
        "/card/code": ("code.html", code_shown(desk.keyed)),
        "/card/code/square": ("_square.html", code_shown(desk.keyed)),
        "/card/kept": ("kept.html", look_at_number),
        "/card/rewards": ("rewards.html", look_at_rewards),
        "/card/earn": ("earn.html", look_at_ways),
        "/card/history": ("history.html", look_at_history),
        "/card/history/{entry:str}": ("why.html", look_at_why),
    }
    return [
        *home_routes(desk),
        *(desk.shows(path, *shown) for path, shown in pages.items()),
        *sign_in_routes(desk),
        *join_routes(desk),
        *stop_routes(desk),
        *survey_routes(desk),
        *keeping_routes(desk),
        *overview_routes(desk),
        *message_routes(desk),
        *device_routes(desk),
        *inbox_routes(desk),
        *offered_routes(desk),
        *line_routes(desk),
        *friend_routes(desk),
        *having_routes(desk),
        *buying_routes(desk),
        *appointment_routes(desk),
        *playing_routes(desk),
        *club_routes(desk),
        *gathering_routes(desk),
        *lesson_routes(desk),
        *forum_routes(desk),
        *post_routes(desk),
        *payout_routes(desk),
        *missing_routes(desk),
        *giving_routes(desk),
        *leaving_routes(desk),
        *pass_routes(desk),
    ]
