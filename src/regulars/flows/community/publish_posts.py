"""Members write reviews and stories, the shop publishes them, and members report them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.commands import RecordActivity, Recorded
from regulars.flows.community.allowed import barred, forbidden, wrong
from regulars.flows.community.posting import (
    DecideOutcome,
    DecidePost,
    PostOutcome,
    PostTold,
    TurnPost,
    WritePost,
)
from regulars.flows.recording.record_activities import record_activities
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import Body
from regulars.records.community.posts import read, write
from regulars.records.community.posts.rules import ill_posted
from regulars.records.community.posts.types import LONGEST_WHY, REPORTS_HIDE, Post
from regulars.records.community.texts import is_plain
from regulars.records.members.types import MemberRef
from regulars.records.once.write import keep

KINDS: Final = {"review": "review-published", "story": "story-published"}
"""What rules call them."""
SOURCE: Final = "regulars-community"
MOST_OPEN: Final = 20
"""So much of one member waits at a time."""
_LIVE: Final = ("waiting", "published")


async def write_posts(tx: Tx, terms: Terms, batch: Sequence[WritePost]) -> list[PostOutcome]:
    """Each of these is kept, once, and waits until somebody of the shop has read it.

    Refuses: `reviewed_already` for a second review of one thing, `post_waits` where so much waits
    already, `member_erased`, `member_blocked`. Faults: unknown member, `invalid` at a field.
    """
    asked, found = await _begin(tx, terms, "write_post", batch)
    states = await hold_members(tx, terms, found.values()) if found else {}
    for item in [item for item in asked if item.open and item.place in found]:
        state, command = states[found[item.place]], item.command
        one = Post(
            tx.new_id(), state.member_id, command.kind, command.about.strip(), command.rating,
            command.title.strip(), command.says.strip(), command.site, "waiting", "", tx.now,
        )  # fmt: skip
        no = barred(state) or wrong(ill_posted(one))
        before = [] if no else await read.of(tx, state.member_id, 500)
        no = no or _again(one, before)
        if no is not None:
            item.outcome = no
            continue
        await tx.write(write.keep(tx, [one]))
        await _keep(tx, item, PostTold(one.post_id, one.member_id, one.state))
    return settle_followers(asked)


async def decide_posts(tx: Tx, terms: Terms, batch: Sequence[DecidePost]) -> list[DecideOutcome]:
    """Each of these is published, or is not and why; what members reported of it is settled.

    Order: the writer is held first, then the post, as writing does; that it was published is
    recorded before it stands.
    Keeps: rules see that it was published, and neither stars nor words; for what stands on another
    site they see nothing. What was published once is no second activity, nor is the same
    thing reviewed anew after the first review was taken back.
    Refuses: `post_over` for what was taken back or forgotten. Faults: `forbidden`, `not_found`,
    `invalid` at the reason.
    """
    return [await _decide(tx, terms, command) for command in batch]


async def turn_posts(tx: Tx, terms: Terms, batch: Sequence[TurnPost]) -> list[PostOutcome]:
    """Each of these is taken back by who wrote it, or reported by somebody else, once.

    Keeps: so many who report it hide it until somebody of the shop has looked again.
    Refuses: `own_post` for who reports themselves, `post_over`, `member_erased`, `member_blocked`.
    Faults: unknown member, `not_found`, also for what is somebody else's, `invalid` at why.
    """
    asked, found = await _begin(tx, terms, "turn_post", batch)
    states = await hold_members(tx, terms, found.values()) if found else {}
    posts = await read.hold(tx, [item.command.post_id for item in asked if item.place in found])
    for item in [item for item in asked if item.open and item.place in found]:
        state, one = states[found[item.place]], posts.get(item.command.post_id)
        withdraws = item.command.does == "withdraw"
        no: Any = barred(state)
        if no is None and (one is None or (withdraws and one.member_id != state.member_id)):
            no = NotFound("there is no such post", field="/post_id")
        if no is None and one is not None:
            no = _cannot(item.command, one, state.member_id)
        if no is not None or one is None:
            item.outcome = no
            continue
        if withdraws:
            one = replace(one, state="withdrawn")
        else:
            await tx.write(write.report(tx, one.post_id, state.member_id, item.command.why.strip()))
            one = (await read.by_id(tx, [one.post_id]))[one.post_id]
            hidden = one.state == "published" and one.reports >= REPORTS_HIDE
            one = replace(one, state="waiting") if hidden else one
        posts[one.post_id] = one
        await tx.write(write.turn(tx, one))
        await _keep(tx, item, PostTold(one.post_id, state.member_id, one.state))
    return settle_followers(asked)


def happened(one: Post) -> RecordActivity:
    """What rules see: that it was published, and what it is about."""
    details = {"about": one.about} if one.about else {}
    return RecordActivity(
        kind=KINDS[one.kind],
        member=MemberRef(id=one.member_id),
        source=SOURCE,
        external_id=one.post_id.hex,
        channel="community",
        body=Body(details=dict(details)),
    )


async def _decide(tx: Tx, terms: Terms, command: DecidePost) -> DecideOutcome:
    no = await forbidden(tx, command.by, Permission.MEMBERS_WRITE)
    there = (await read.by_id(tx, [command.post_id])).get(command.post_id)
    if no is not None or there is None:
        return no or NotFound("there is no such post", field="/post_id")
    if (command.outcome == "refused") != bool(command.reason):
        return Invalid("Say why it is refused; what is published needs no reason", field="/reason")
    await hold_members(tx, terms, [there.member_id])
    one = (await read.hold(tx, [command.post_id]))[command.post_id]
    if one.state in ("withdrawn", "forgotten"):
        return Refused("post_over", "It was taken back", {})
    if one.state == command.outcome and one.reason == command.reason and not one.reports:
        return one
    rewarded = one.rewarded
    first = command.outcome == "published" and one.published_at is None and not one.site
    if first and not await read.reviewed_before(tx, one):
        (booked,) = await record_activities(tx, terms, [happened(one)])
        if isinstance(booked, Fault | Refused):
            return booked
        rewarded = _gave(booked)
    published = one.published_at or (tx.now if command.outcome == "published" else None)
    now = replace(
        one, state=command.outcome, reason=command.reason, decided_at=tx.now, reports=0,
        decided_by=command.by.actor or "api", published_at=published, rewarded=rewarded,
    )  # fmt: skip
    done = Done(command.by, f"post.{command.outcome}", "member", now.member_id.hex)
    staff = acted(tx, [done]) if command.by.actor else []
    await tx.write([*write.turn(tx, now), *write.settle(tx, now.post_id), *staff])
    return now


def _gave(booked: Recorded) -> bool:
    """Whether rules gave something for it, now or once it ripens."""
    return any(booked.earned.values()) or any(booked.pending.values())


def _again(one: Post, before: Sequence[Post]) -> Refused | None:
    live = [each for each in before if each.state in _LIVE and each.kind == one.kind]
    about = one.about.casefold()
    if one.kind == "review" and any(
        (each.about.casefold(), each.site) == (about, one.site) for each in live
    ):
        says = "They reviewed this already; let them take that back first"
        return Refused("reviewed_already", says, {"about": one.about})
    if sum(each.state == "waiting" for each in before) >= MOST_OPEN:
        return Refused("post_waits", "So much of theirs waits already", {"most": MOST_OPEN})
    return None


def _cannot(command: TurnPost, one: Post, who: UUID) -> Refused | Fault | None:
    if one.state in ("withdrawn", "forgotten"):
        return Refused("post_over", "It was taken back", {})
    if command.does == "withdraw":
        return None
    if one.state != "published":
        return NotFound("there is no such post", field="/post_id")
    if one.member_id == who:
        return Refused("own_post", "Take back what is yours instead", {})
    if not is_plain(command.why, LONGEST_WHY):
        return Invalid(f"Say why, in up to {LONGEST_WHY} letters", field="/why")
    return None


async def _begin(
    tx: Tx, terms: Terms, operation: str, batch: Sequence[Any]
) -> tuple[list[Asking[Any]], dict[int, UUID]]:
    asked = askings(operation, batch, lambda _: None)
    await sort_out(tx, asked, PostTold)
    fresh = [item for item in asked if item.open]
    return asked, await find_named(tx, terms, fresh, lambda one: one.member, "/member")


async def _keep(tx: Tx, item: Asking[Any], told: PostTold) -> None:
    item.outcome = told
    await tx.write(keep(tx, kept(item, told.member_id, told.post_id)))
