"""What members wrote: what waits to be read, what is reported, and what stands."""

from __future__ import annotations

from typing import Any, Final, cast

from litestar import Response

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.community.posting import DecidePost
from regulars.flows.community.publish_posts import decide_posts
from regulars.records.access.staff.permissions import Permission
from regulars.records.community.posts import read
from regulars.records.community.posts.types import Post, Reason
from regulars.records.members import read as members
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.community.words import POST_KINDS, REASONS
from regulars.surfaces.console.people.members import name_of

PAGE: Final = "/console/posts"
MOST: Final = 50


async def listed(here: Here, wrong: str = "", of: str = "") -> Response[str]:
    """What somebody should look at, then what was published last."""

    async def look(tx: Tx, _: Terms) -> dict[str, Any]:
        queue = await read.queue(tx, MOST)
        published = await read.page(tx, "published", None, MOST)
        ids = {one.member_id for one in (*queue, *published)}
        people = await members.members(tx, ids)
        return {
            "queue": [(*_line(one), await read.whys(tx, one.post_id)) for one in queue],
            "published": [_line(one) for one in published if not one.reports],
            "names": {who: name_of(one) or one.number for who, one in people.items()},
        }

    return here.page(
        "offers/community/posts.html",
        status=422 if wrong else 200,
        kind_words=POST_KINDS,
        reasons=[("", "–"), *((name, here.reader.say(says)) for name, says in REASONS.items())],
        wrong=wrong,
        of=of,
        **await here.read(look),
    )


async def decide(here: Here, form: Form) -> Response[Any]:
    """It is published, or is not and why."""
    which = meant("pst", str(form.path["post_id"]))
    if which is None:
        raise NotFound("there is no such post; look at the list again")
    reason = cast("Reason", form.get("reason") if form.get("reason") in REASONS else "")
    outcome: Any = "published" if form.get("does") == "publish" else "refused"
    wish = DecidePost(which, outcome, here.by, reason if outcome == "refused" else "")
    try:
        done = await here.do(decide_posts, wish)
    except Fault as fault:
        if isinstance(fault, NotFound):
            raise
        done = fault
    if isinstance(done, Fault | Refused):
        return await listed(here, here.told(done), str(form.path["post_id"]))
    return redirect(PAGE)


def _line(one: Post) -> tuple[str, str, Post]:
    return shown("pst", one.post_id), shown("mem", one.member_id), one


PAGES: Final = ((PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),)
FORMS_DONE: Final = ((PAGE + "/{post_id:str}", Permission.MEMBERS_WRITE, decide),)
