"""What a case about clubs and gatherings says, so that these operations say yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tests.surfaces.api.fuzz.scenes.counter.at_a_till import device_of

Said = dict[str, Any]
_SAYS = {"en": "We meet."}
CLUB: dict[str, Any] = {"name": "All", "says": _SAYS, "joins": "open"}


def gathering(house: Any, **more: Any) -> dict[str, Any]:
    """A gathering that begins in an hour."""
    at = house.counter.shop.now + timedelta(hours=1)
    until = at + timedelta(hours=1)
    told = {"begins_at": at.isoformat(), "ends_at": until.isoformat(), "capacity": 9_999}
    told |= {"reward": "", "back_until": None}
    return {"name": "All", "says": _SAYS, **told, **more}


def _kept(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/clubs/all", **CLUB)
    while True:
        yield {"path": {"club": "all"}}


def _keeping(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"club": f"all-{house.fresh() % 50}"}, "body": CLUB}


def _joining(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/clubs/all", **CLUB)
    while True:
        yield {"path": {"club": "all"}, "body": {"member": {"id": house.member()}}}


def _leaving(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/clubs/all", **CLUB)
    while True:
        who = {"id": house.member()}
        house.post("/v1/clubs/all/members", member=who)
        yield {"path": {"club": "all"}, "body": {"member": who}}


def _planned(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/gatherings/all", **gathering(house))
    while True:
        yield {"path": {"gathering": "all"}}


def _planning(house: Any) -> Iterator[Said]:
    while True:
        code = f"new-{house.fresh()}"
        yield {"path": {"gathering": code}, "body": gathering(house)}


def _taking(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/gatherings/all", **gathering(house))
    while True:
        yield {"path": {"gathering": "all"}, "body": {"member": {"id": house.member()}}}


def _seated(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/gatherings/all", **gathering(house))
    while True:
        who = {"id": house.member()}
        house.post("/v1/gatherings/all/seats", member=who)
        yield {"path": {"gathering": "all"}, "body": {"member": who}}


def _at_till(house: Any) -> Iterator[Said]:
    key = device_of(house).token
    for said in _seated(house):
        member = said["body"]["member"]["id"]
        yield {"path": said["path"] | {"member_id": member}, "body": {}, "key": key}


def _lesson() -> dict[str, Any]:
    asks = {"asks": _SAYS, "choices": [_SAYS, _SAYS], "right": 1}
    return {"name": "All", "says": _SAYS, "questions": [asks], "needed": 1}


def _taught(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/lessons/all", **_lesson())
    while True:
        yield {"path": {"lesson": "all"}}


def _teaching(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"lesson": f"all-{house.fresh() % 50}"}, "body": _lesson()}


def _learning(house: Any) -> Iterator[Said]:
    house.ask("PUT", "/v1/lessons/all", **_lesson())
    while True:
        who = {"id": house.member()}
        yield {"path": {"lesson": "all"}, "body": {"member": who, "answers": [1]}}


_POST = {"kind": "story", "title": "My year", "text": "It was good."}


def _written(house: Any, outcome: str = "") -> str:
    id_ = house.post("/v1/posts", member={"id": house.member()}, **_POST)["id"]
    if outcome:
        house.post(f"/v1/posts/{id_}/decision", outcome=outcome)
    return str(id_)


def _posting(house: Any) -> Iterator[Said]:
    while True:
        said = {**_POST, "about": "", "rating": None}  # the example is a review
        yield {"body": {"member": {"id": house.member()}, **said}}


def _posted(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"post_id": _written(house)}, "body": {"outcome": "published"}}


def _shown(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"post_id": _written(house)}}


def _reporting(house: Any) -> Iterator[Said]:
    while True:
        told = {"member": {"id": house.member()}, "why": "It is not so."}
        yield {"path": {"post_id": _written(house, "published")}, "body": told}


def _withdrawing(house: Any) -> Iterator[Said]:
    while True:
        who = {"id": house.member()}
        id_ = house.post("/v1/posts", member=who, **_POST)["id"]
        yield {"path": {"post_id": id_}, "body": {"member": who}}


MEETING = {
    "GET /v1/posts/{post_id}": _shown,
    "POST /v1/posts": _posting,
    "POST /v1/posts/{post_id}/decision": _posted,
    "POST /v1/posts/{post_id}/reports": _reporting,
    "POST /v1/posts/{post_id}/withdrawal": _withdrawing,
    "GET /v1/lessons/{lesson}": _taught,
    "PUT /v1/lessons/{lesson}": _teaching,
    "POST /v1/lessons/{lesson}/answers": _learning,
    "GET /v1/clubs/{club}": _kept,
    "PUT /v1/clubs/{club}": _keeping,
    "GET /v1/clubs/{club}/members": _kept,
    "POST /v1/clubs/{club}/members": _joining,
    "POST /v1/clubs/{club}/departures": _leaving,
    "POST /v1/clubs/{club}/invitations": _joining,
    "GET /v1/gatherings/{gathering}": _planned,
    "PUT /v1/gatherings/{gathering}": _planning,
    "GET /v1/gatherings/{gathering}/seats": _planned,
    "POST /v1/gatherings/{gathering}/seats": _taking,
    "POST /v1/gatherings/{gathering}/departures": _seated,
    "GET /v1/till/members/{member_id}/gatherings": _at_till,
    "POST /v1/till/members/{member_id}/gatherings/{gathering}/arrive": _at_till,
    "POST /v1/gatherings/{gathering}/arrivals": _seated,
}
