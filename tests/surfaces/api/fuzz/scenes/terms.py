"""What a case about versions, drafts and sandboxes says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.surfaces.api.fuzz.house import EVERYTHING, House, Said, Scene


def program_source(house: House) -> str:
    return EVERYTHING.replace("name: Everything", f"name: Everything {house.fresh()}")


def publishing(house: House) -> Iterator[Said]:
    """A version that is another one, then the same once more and once more."""
    source = program_source(house)
    while True:
        yield {"body": {"source": source}}


def planning(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"source": program_source(house)}}


def withdrawing(house: House) -> Iterator[Said]:
    while True:
        version = house.post(
            "/v1/programs/versions",
            source=program_source(house),
            effective_from="2027-01-01T00:00:00Z",
        )
        yield {"path": {"version": str(version["version"])}}


def drafting(house: House) -> Iterator[Said]:
    while True:
        yield {
            "path": {"name": f"draft-{house.fresh()}"},
            "body": {"source": program_source(house)},
        }


def drafted(house: House) -> Iterator[Said]:
    """Each case has a draft of its own."""
    while True:
        name = f"draft-{house.fresh()}"
        house.ask("PUT", f"/v1/programs/drafts/{name}", source=program_source(house), revision=0)
        yield {"path": {"name": name}}


def trying_out(house: House) -> Iterator[Said]:
    """Each case has a sandbox of its own; the one before goes, as there are only so many."""
    while True:
        name = f"try-{house.fresh()}"
        house.post("/v1/sandboxes", name=name)
        yield {"path": {"name": name}, "body": {"draft": name, "revision": 0}}
        house.counter.ask("DELETE", f"/v1/sandboxes/{name}")


def inside(house: House) -> Iterator[Said]:
    """What is asked with the key of a sandbox."""
    while True:
        name = f"try-{house.fresh()}"
        yield {"key": house.post("/v1/sandboxes", name=name)["key"]}
        house.counter.ask("DELETE", f"/v1/sandboxes/{name}")


def making_sandboxes(house: House) -> Iterator[Said]:
    while True:
        name = f"try-{house.fresh()}"
        yield {"body": {"name": name}}
        house.counter.ask("DELETE", f"/v1/sandboxes/{name}")


def saying(house: House) -> Iterator[Said]:
    while True:
        yield {"body": {"version": 1}}


def topping_up(_: House) -> Iterator[Said]:
    while True:
        yield {"body": {"wallet": "gift", "amount": {"minor": 5_000, "currency": "EUR"}}}


def taking_part(_: House) -> Iterator[Said]:
    while True:
        yield {"body": {"challenge": "sprint"}}


TERMS: Final[dict[str, Scene]] = {
    "POST /v1/gift-topups": topping_up,
    "POST /v1/challenge-parts": taking_part,
    "POST /v1/programs/versions": publishing,
    "POST /v1/programs/check": planning,
    "POST /v1/programs/plan": planning,
    "POST /v1/programs/plan/people": planning,
    "POST /v1/programs/versions/{version}/withdraw": withdrawing,
    "GET /v1/programs/drafts/{name}": drafted,
    "PUT /v1/programs/drafts/{name}": drafting,
    "DELETE /v1/programs/drafts/{name}": drafted,
    "POST /v1/programs/drafts/{name}/publish": drafted,
    "POST /v1/members/{member_id}/terms": saying,
    "GET /v1/sandbox": inside,
    "POST /v1/sandbox/clock": inside,
    "GET /v1/sandbox/unsent": inside,
    "POST /v1/sandboxes": making_sandboxes,
    "GET /v1/sandboxes/{name}": trying_out,
    "POST /v1/sandboxes/{name}/renew": trying_out,
    "POST /v1/sandboxes/{name}/promote": trying_out,
    "DELETE /v1/sandboxes/{name}": trying_out,
}
