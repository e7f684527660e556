"""Reviews and stories: written, published or not, reported, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.flows.community.posting import DecidePost, TurnPost, WritePost
from regulars.flows.community.publish_posts import decide_posts, turn_posts, write_posts
from regulars.records.access.types import Scope
from regulars.records.community.posts import read
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.community import examples
from regulars.surfaces.api.operations.belonging.community.post_wire import (
    PostDecided,
    PostDone,
    PostReported,
    PostSent,
    PostShown,
    PostsPage,
    PostsQuery,
    PostWithdrawn,
    post_done,
    post_shown,
)
from regulars.surfaces.api.operations.belonging.community.refusals import RECORDING
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import member_of

_TAG: Final = "Community"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
_WHOM: Final = ("unknown_member", "member_erased", "member_blocked")


async def listed(call: Call) -> Reply:
    """What stands so."""
    query: PostsQuery = call.query
    before = place_of(query.cursor, tuple[datetime, UUID])
    async with call.transaction as tx:
        found = await read.page(tx, query.state, before, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].written_at, page[-1].post_id)) if more else None
    return Reply(PostsPage([post_shown(each) for each in page], more, cursor))


async def one(call: Call) -> Reply:
    """One review or story."""
    id_ = addressed("pst", call.ids["post_id"])
    async with call.transaction as tx:
        found = (await read.by_id(tx, [id_])).get(id_)
    if found is None:
        raise NotFound("there is no such post")
    return Reply(post_shown(found))


async def write(call: Call) -> Reply:
    """A member writes."""
    sent: PostSent = call.sent
    command = WritePost(
        member_of(sent.member), sent.kind, sent.title, sent.text, sent.about, sent.rating,
        sent.site, call.asked,
    )  # fmt: skip
    done = await call.do(write_posts, command)
    return Reply(post_done(done), 201, done.replayed)


async def decide(call: Call) -> Reply:
    """It is published, or not."""
    sent: PostDecided = call.sent
    id_ = addressed("pst", call.ids["post_id"])
    command = DecidePost(id_, sent.outcome, call.by, sent.reason)
    return Reply(post_shown(await call.do(decide_posts, command)))


async def report(call: Call) -> Reply:
    """A member reports it."""
    sent: PostReported = call.sent
    id_ = addressed("pst", call.ids["post_id"])
    command = TurnPost(member_of(sent.member), id_, "report", sent.why, call.asked)
    done = await call.do(turn_posts, command)
    return Reply(post_done(done), 200, done.replayed)


async def withdraw(call: Call) -> Reply:
    """A member takes back what they wrote."""
    sent: PostWithdrawn = call.sent
    id_ = addressed("pst", call.ids["post_id"])
    command = TurnPost(member_of(sent.member), id_, "withdraw", asked=call.asked)
    done = await call.do(turn_posts, command)
    return Reply(post_done(done), 200, done.replayed)


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/posts", "list_posts",
        says="Reviews and stories, the latest first",
        notes="Published ones, or those that wait for somebody of the shop. Texts are plain: "
        "whoever shows them escapes them. Of `rewarded` ones say so beside them.",
        scopes=_READ,
        query=PostsQuery,
        answers={200: PostsPage},
        answer_example={"items": [examples.POST], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=listed,
    ),
    _operation(
        "GET", "/v1/posts/{post_id}", "get_post",
        says="One review or story",
        scopes=_READ,
        answers={200: PostShown},
        answer_example=examples.POST,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "POST", "/v1/posts", "write_post",
        says="A member writes a review or a story",
        notes="It waits until somebody of the shop has read it. A review is `about` something and "
        "has 1 to 5 stars, a story is neither; of one thing a member has one review at a time.",
        scopes=_WRITE,
        sent=PostSent,
        answers={201: PostDone},
        example=examples.POST_SENT,
        answer_example=examples.POST_DONE,
        codes=(*_WHOM, "reviewed_already", "post_waits"),
        do=write,
    ),
    _operation(
        "POST", "/v1/posts/{post_id}/decision", "decide_post",
        once=Once.AGAIN,
        says="Publish a review or a story, or say why not",
        notes="Published for the first time it is an activity, `review-published` or "
        "`story-published`, with the detail `about`: rules see neither stars nor words, so what "
        "they give does not depend on them. For what stands on another `site` there is none.",
        scopes=_WRITE,
        sent=PostDecided,
        answers={200: PostShown},
        example={"outcome": "published"},
        answer_example=examples.POST,
        codes=("not_found", "post_over", "unknown_member", "member_erased", *RECORDING),
        do=decide,
    ),
    _operation(
        "POST", "/v1/posts/{post_id}/reports", "report_post",
        says="A member reports a review or a story",
        notes="Each counts once. Three who report it hide it until somebody of the shop has looked "
        "again.",
        scopes=_WRITE,
        sent=PostReported,
        answers={200: PostDone},
        example={"member": {"card": "4711"}, "why": "It names my neighbour."},
        answer_example=examples.POST_DONE | {"state": "published"},
        codes=(*_WHOM, "not_found", "post_over", "own_post"),
        do=report,
    ),
    _operation(
        "POST", "/v1/posts/{post_id}/withdrawal", "withdraw_post",
        says="A member takes back what they wrote",
        scopes=_WRITE,
        sent=PostWithdrawn,
        answers={200: PostDone},
        example={"member": {"card": "4711"}},
        answer_example=examples.POST_DONE | {"state": "withdrawn"},
        codes=(*_WHOM, "not_found", "post_over"),
        do=withdraw,
    ),
)  # fmt: skip
