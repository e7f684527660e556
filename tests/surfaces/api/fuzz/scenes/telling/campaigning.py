"""What a case about campaigns, and about shops and files that are asked for, says to get a yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.surfaces.api.fuzz.scenes.counter.appointing import staff
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.woocommerce.shop import Hook

from regulars.surfaces.connect.outlets.crm.kind import Crm

Said = dict[str, Any]
_EVERYBODY = {"name": "Here lately", "condition": {"if": "last_seen", "before": 30}}
_SAYS = {"en": {"text": "Hi {{ member.given_name }}", "about": "Hi"}}
_STORE = {
    "place": "s3", "address": "s3://sales/nightly", "account": "AKIA1", "secret": "s3cret",
    "endpoint": "https://store.example.org",
}  # fmt: skip
_CRM = {"address": "https://crm.example.org/api", "key": "token-1"}
_SHOP = {"address": "https://tea.example.org", "key": "ck_1", "secret": "cs_1"}


def _segment(house: Any) -> str:
    house.ask("PUT", "/v1/segments/read-by", **_EVERYBODY)
    return "read-by"


def _code(house: Any) -> str:
    return f"campaign-{house.fresh()}"


def _written(house: Any, *steps: str) -> str:
    """A campaign that went these steps."""
    code, to = _code(house), _segment(house)
    house.ask("PUT", f"/v1/campaigns/{code}", name="Hi", segment=to, channel="email", says=_SAYS)
    for step in steps:
        house.ask("POST", f"/v1/campaigns/{code}/{step}", version=1)
    return code


def _keeping(house: Any) -> Iterator[Said]:
    to = _segment(house)
    while True:
        code = _code(house)
        yield {"path": {"campaign": code}, "body": {"segment": to, "says": _SAYS}}
        house.counter.ask("DELETE", f"/v1/campaigns/{code}")


def _after(*steps: str) -> Any:
    def scene(house: Any) -> Iterator[Said]:
        while True:
            code = _written(house, *steps)
            yield {"path": {"campaign": code}, "body": {"version": 1}}
            house.counter.ask("POST", f"/v1/campaigns/{code}/stop", {"version": 1})
            house.counter.ask("DELETE", f"/v1/campaigns/{code}")

    return scene


_PAUSE = """
update campaign set paused_at = now(), paused_why = 'bounces'
 where program_id = $1 and code = $2 returning 1
"""


def _paused(house: Any) -> Iterator[Said]:
    """Too much of it came back."""
    for said in _after("check", "approve")(house):
        house.counter.shop.rows(_PAUSE, said["path"]["campaign"])
        yield said


def _for_somebody(house: Any) -> Iterator[Said]:
    for said in _after()(house):
        yield said | {"body": {"member_id": house.known["member_id"]}}


def to_try(house: Any) -> Iterator[Said]:
    for said in _for_somebody(house):
        yield said | {"body": said["body"] | {"staff_id": staff(house)}}


def _source(house: Any) -> str:
    return str(Hook(house.counter).made["id"])


def _gone(house: Any, inlet: str) -> None:
    """Nobody needs it any more, nor the last one: a program has only so many."""
    house.counter.ask("DELETE", f"/v1/inlets/{inlet}")


def _to_be_asked(house: Any) -> Iterator[Said]:
    while True:
        inlet = _source(house)
        try:
            yield {"path": {"inlet_id": inlet}, "body": _SHOP}
        finally:
            _gone(house, inlet)


def _asked(house: Any) -> Iterator[Said]:
    """A source whose shop is asked."""
    while True:
        inlet = _source(house)
        house.ask("PUT", f"/v1/inlets/{inlet}/catch-up", **_SHOP)
        try:
            yield {"path": {"inlet_id": inlet}}
        finally:
            _gone(house, inlet)


def _files(house: Any) -> str:
    return str(Sender(house.counter, kind="files").made["id"])


def _to_be_fed(house: Any) -> Iterator[Said]:
    while True:
        inlet = _files(house)
        try:
            yield {"path": {"inlet_id": inlet}, "body": _STORE}
        finally:
            _gone(house, inlet)


def _fed(house: Any) -> Iterator[Said]:
    """A source whose files are looked for."""
    while True:
        inlet = _files(house)
        house.ask("PUT", f"/v1/inlets/{inlet}/feed", **_STORE)
        try:
            yield {"path": {"inlet_id": inlet}}
        finally:
            _gone(house, inlet)


def _crm(house: Any) -> str:
    return str(Sender(house.counter, Crm().mapping, "crm").made["id"])


def _to_be_told(house: Any) -> Iterator[Said]:
    while True:
        inlet = _crm(house)
        try:
            yield {"path": {"inlet_id": inlet}, "body": _CRM}
        finally:
            _gone(house, inlet)


def _told(house: Any) -> Iterator[Said]:
    """A source whose system is told of members."""
    while True:
        inlet = _crm(house)
        house.ask("PUT", f"/v1/inlets/{inlet}/outlet", **_CRM)
        try:
            yield {"path": {"inlet_id": inlet}}
        finally:
            _gone(house, inlet)


def _told_again(house: Any) -> Iterator[Said]:
    for said in _told(house):
        yield said | {"body": {"everybody": False}}


_ACCOUNT = {"key": "pk_1", "address": "https://klaviyo.example.org"}


def _to_connect(house: Any) -> Iterator[Said]:
    while True:
        yield {"body": _ACCOUNT}
        house.counter.ask("DELETE", "/v1/klaviyo")


def _connected(house: Any) -> Iterator[Said]:
    """A program that is connected with Klaviyo."""
    while True:
        house.ask("PUT", "/v1/klaviyo", **_ACCOUNT)
        yield {"body": {"since": house.counter.shop.now.isoformat()}}
        house.counter.ask("DELETE", "/v1/klaviyo")


def _connected_with_all(house: Any) -> Iterator[Said]:
    for _ in _connected(house):
        yield {"body": {"with_consents": True}}


CAMPAIGNS = {
    "PUT /v1/klaviyo": _to_connect,
    "GET /v1/klaviyo": _connected,
    "DELETE /v1/klaviyo": _connected,
    "POST /v1/klaviyo/try": _connected,
    "POST /v1/klaviyo/everybody": _connected_with_all,
    "POST /v1/klaviyo/replay": _connected,
    "PUT /v1/campaigns/{campaign}": _keeping,
    "GET /v1/campaigns/{campaign}": _after(),
    "DELETE /v1/campaigns/{campaign}": _after(),
    "POST /v1/campaigns/{campaign}/check": _after(),
    "POST /v1/campaigns/{campaign}/approve": _after("check"),
    "POST /v1/campaigns/{campaign}/stop": _after("check", "approve"),
    "POST /v1/campaigns/{campaign}/resume": _paused,
    "POST /v1/campaigns/{campaign}/preview": _for_somebody,
    "POST /v1/campaigns/{campaign}/trials": to_try,
    "PUT /v1/inlets/{inlet_id}/catch-up": _to_be_asked,
    "GET /v1/inlets/{inlet_id}/catch-up": _asked,
    "DELETE /v1/inlets/{inlet_id}/catch-up": _asked,
    "POST /v1/inlets/{inlet_id}/catch-up/try": _asked,
    "PUT /v1/inlets/{inlet_id}/outlet": _to_be_told,
    "GET /v1/inlets/{inlet_id}/outlet": _told,
    "DELETE /v1/inlets/{inlet_id}/outlet": _told,
    "POST /v1/inlets/{inlet_id}/outlet/try": _told,
    "POST /v1/inlets/{inlet_id}/outlet/again": _told_again,
    "GET /v1/inlets/{inlet_id}/outlet/members": _told,
    "PUT /v1/inlets/{inlet_id}/feed": _to_be_fed,
    "GET /v1/inlets/{inlet_id}/feed": _fed,
    "GET /v1/inlets/{inlet_id}/feed/files": _fed,
    "DELETE /v1/inlets/{inlet_id}/feed": _fed,
    "POST /v1/inlets/{inlet_id}/feed/try": _fed,
}
