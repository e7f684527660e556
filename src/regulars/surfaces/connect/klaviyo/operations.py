"""Klaviyo: connected, tried, told of everybody, told once more, left alone."""

from __future__ import annotations

from typing import Any, Final

from regulars.flows.telling.hooks.klaviyo.keep_link import (
    End,
    Replay,
    Walk,
    connect,
    end,
    replay,
    walk,
)
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.connect.klaviyo.connecting import Wanted, stands, tried, wish_for
from regulars.surfaces.connect.klaviyo.wire import (
    KlaviyoReplaySent,
    KlaviyoSent,
    KlaviyoShown,
    KlaviyoTried,
    KlaviyoWalkSent,
    klaviyo_shown,
)

_AT: Final = "2026-03-02T12:00:00Z"
SENT: Final = {"key": "pk_4f1e", "list_id": "Y6nRLr", "shares": ["names", "values"]}
SHOWN: Final[dict[str, Any]] = {
    "state": "active",
    "reason": "",
    "webhook_id": "hok_018f3c5e7a1b7cde8f00686f6b000000",
    "address": "https://a.klaviyo.com",
    "key_since": _AT,
    "list_id": "Y6nRLr",
    "shares": ["names", "values"],
    "takes_subscribes": False,
    "waiting": 3,
    "dead": 0,
    "waits_since": "2026-03-02T11:59:58Z",
    "failing_since": None,
    "replaying_since": None,
    "heard": 12,
    "read_to": "2026-03-02T11:58:00Z",
    "asked_at": _AT,
    "met_at": _AT,
    "next_at": "2026-03-02T12:02:00Z",
    "walking": False,
    "walked": 1200,
    "walked_at": "2026-03-01T12:00:00Z",
    "problem": "",
    "job": None,
    "jobs": 2,
    "not_taken": 1,
    "refused": [
        {
            "member_id": "mem_0195b2d43c1e7d4a9b7e2f6a8c0d1e2f",
            "code": "invalid",
            "field": "phone_number",
        }
    ],
}


async def one(call: Call) -> Reply:
    """How it is connected."""
    return await _shown(call)


async def put(call: Call) -> Reply:
    """It is connected so from now on."""
    sent: KlaviyoSent = call.sent
    wanted = Wanted(
        sent.key or "", sent.address or "", sent.list_id, sent.shares, sent.takes_subscribes
    )
    wish = wish_for(call.given, call.caller.program_id, wanted, call.by)
    async with call.transaction as tx:
        (outcome,) = await connect(tx, [wish])
    granted(outcome)
    return await _shown(call)


async def delete(call: Call) -> Reply:
    """It is not connected any more."""
    before = await _shown(call)
    async with call.transaction as tx:
        (outcome,) = await end(tx, [End(call.by)])
    granted(outcome)
    return before


async def attempt(call: Call) -> Reply:
    """Whether it answers."""
    async with call.transaction as tx:
        found = await stands(tx)
    problem = await tried(call.given, call.caller.program_id, found.link)
    return Reply(KlaviyoTried(not problem, problem))


async def everybody(call: Call) -> Reply:
    """Everybody is told of once more."""
    sent: KlaviyoWalkSent = call.sent
    async with call.transaction as tx:
        (outcome,) = await walk(tx, [Walk(call.by, sent.with_consents)])
    granted(outcome)
    return await _shown(call, 202)


async def again(call: Call) -> Reply:
    """What was told since then is told once more."""
    sent: KlaviyoReplaySent = call.sent
    async with call.transaction as tx:
        (outcome,) = await replay(tx, [Replay(call.by, sent.since)])
    granted(outcome)
    return await _shown(call, 202)


async def _shown(call: Call, status: int = 200) -> Reply:
    async with call.transaction as tx:
        found = await stands(tx)
    return Reply(klaviyo_shown(found, call.now), status)


_SCOPES = (Scope.WEBHOOKS_WRITE,)
_TAG = "Webhooks"
_ONE = "/v1/klaviyo"

OPERATIONS = (
    Operation(
        method="GET",
        path=_ONE,
        name="get_klaviyo",
        tag=_TAG,
        says="How the program is connected with Klaviyo, and how far behind that is",
        scopes=_SCOPES,
        answers={200: KlaviyoShown},
        answer_example=SHOWN,
        do=one,
    ),
    Operation(
        method="PUT",
        path=_ONE,
        name="put_klaviyo",
        once=Once.ANEW,
        tag=_TAG,
        says="Connect the program with Klaviyo, give it another key, or change what is shared",
        notes="From then on events, profiles and consents go there, each member's in their order; "
        "events carry an id, so one that is sent again is no second one. Who unsubscribes there is "
        "left alone here.",
        scopes=_SCOPES,
        sent=KlaviyoSent,
        answers={200: KlaviyoShown},
        example=SENT,
        answer_example=SHOWN,
        codes=("invalid",),
        do=put,
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        name="delete_klaviyo",
        once=Once.AGAIN,
        tag=_TAG,
        says="Tell Klaviyo nothing any more; its key is deleted",
        scopes=_SCOPES,
        answers={200: KlaviyoShown},
        answer_example=SHOWN,
        do=delete,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/try",
        name="try_klaviyo",
        once=Once.LOOKS,
        tag=_TAG,
        says="Whether Klaviyo answers this key, and knows the list; nothing is kept",
        scopes=_SCOPES,
        answers={200: KlaviyoTried},
        answer_example={"answers": True, "problem": ""},
        do=attempt,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/everybody",
        name="tell_klaviyo_of_everybody",
        once=Once.ANEW,
        tag=_TAG,
        says="Tell Klaviyo of every member who can be written to, and what they agreed to",
        notes="For members from before the program was connected, and after an import. Who said no "
        "there since is not subscribed. From two hundred on they go by jobs of Klaviyo, a "
        "thousand at a time; whom one does not take is told singly, and else stands under "
        "`refused`.",
        scopes=_SCOPES,
        sent=KlaviyoWalkSent,
        answers={202: KlaviyoShown},
        example={"with_consents": True},
        answer_example=SHOWN | {"walking": True, "walked": 0},
        do=everybody,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/replay",
        name="replay_klaviyo",
        once=Once.ANEW,
        tag=_TAG,
        says="Tell Klaviyo once more what happened since an instant",
        scopes=_SCOPES,
        sent=KlaviyoReplaySent,
        answers={202: KlaviyoShown},
        example={"since": "2026-03-01T00:00:00Z"},
        answer_example=SHOWN | {"replaying_since": "2026-03-01T00:00:00Z"},
        codes=("invalid",),
        do=again,
    ),
)
