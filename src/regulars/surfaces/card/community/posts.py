"""Reviews and stories on the card: read, written, reported, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.flows.community.posting import TurnPost, WritePost
from regulars.flows.community.publish_posts import turn_posts, write_posts
from regulars.records.community.posts import read
from regulars.records.community.posts.types import Post
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.in_words.refusals import told_to

STORIES: Final = "/card/me/stories"
MOST: Final = 20
_STARS: Final = ("1", "2", "3", "4", "5")


def post_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of what members write, and its forms."""
    return [
        desk.shows(STORIES, "community/stories.html", look_at_stories),
        desk.acts(STORIES, act),
    ]


async def look_at_stories(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """What others wrote and the shop published, and what the member wrote themself."""
    id_ = visit.member.id
    some = [one for one in await read.page(tx, "published", None, MOST) if one.member_id != id_]
    on = {one.on for one in visit.version.program.rules}
    return {
        "others": [_shown(one) for one in some],
        "mine": [_shown(one) for one in await read.of(tx, id_, MOST)],
        "given": bool(on & {"review-published", "story-published"}),
        "form": Form(kind="review"),
        "done": request.query_params.get("done", ""),
        "wrong": {},
    }


async def act(sender: Sender, form: Form) -> Response[Any]:
    """The member writes, takes back or reports."""
    me = MemberRef(id=sender.member_id)
    try:
        if form["do"] in ("withdraw", "report"):
            does: Any = form["do"]
            which = addressed("pst", form["post"])
            wish = TurnPost(me, which, does, form["why"], sender.by(does))
            await sender.do(turn_posts, wish)
        else:
            await sender.do(write_posts, _meant(sender, me, form))
    except No as no:
        return await _slip(sender, form, {"": told_to(sender.visit.reader, no.refused)})
    except Invalid as fault:
        field = fault.field.strip("/")
        return await _slip(sender, form, {field: told_to(sender.visit.reader, fault)})
    return moved(f"{STORIES}?done={form['do'] or 'write'}")


def _meant(sender: Sender, me: MemberRef, form: Form) -> WritePost:
    review = form["kind"] != "story"
    stars = int(form["rating"]) if review and form["rating"] in _STARS else None
    return WritePost(
        me, "review" if review else "story", form["title"], form["text"].replace("\r\n", "\n"),
        form["about"] if review else "", stars, asked=sender.by("post"),
    )  # fmt: skip


async def _slip(sender: Sender, form: Form, wrong: dict[str, str]) -> Response[Any]:
    try:
        template = "community/stories.html"
        return await sender.show(look_at_stories, template, status=422, wrong=wrong, form=form)
    except Fault:
        return moved(STORIES)


def _shown(one: Post) -> dict[str, Any]:
    return {
        "id": shown("pst", one.post_id), "kind": one.kind, "about": one.about,
        "rating": one.rating or 0, "title": one.title, "says": one.says, "state": one.state,
        "called": one.called, "at": one.written_at, "rewarded": one.rewarded,
    }  # fmt: skip
