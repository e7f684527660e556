"""Benefits and appointments asked for the way a till asks; the rest as ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.model.beside.by_hand.events import Grants, Rebooks, StaysAway, Undoes, Uses
from tests.model.events import Answer, Event
from tests.model.on_http import Json, OnHttp, _instant, _whom

NO_END = -1
SAID = {"reason": "as agreed", "actor": "Olga"}


class HandedOnHttp(OnHttp):
    """A shop behind its API whose benefits are asked for there, too."""

    def do_all(self, now: Any, events: Sequence[Event]) -> list[Answer]:
        self.shop.now = now
        if not isinstance(events[0], Grants | Uses | Undoes | Rebooks | StaysAway):
            return super().do_all(now, events)
        return [self._handed(event) for event in events]

    def _handed(self, event: Any) -> Answer:
        known = {} if isinstance(event, Grants | Uses) else self.handed.uses
        if not isinstance(event, Grants | Uses) and event.name not in known:
            return Answer("not_found")
        path, body = _request(event, known)
        headers = {"idempotency_key": event.key} if event.key else {}
        (answer,) = self.counter.at_once([lambda: self.counter.send("POST", path, body, **headers)])
        said = answer.json()
        if not answer.is_success:
            return Answer(said["code"])
        if isinstance(event, Grants):
            return Answer("granted", (("times", said["times"]),))
        name = event.into if isinstance(event, Rebooks) else event.name
        self.handed.uses.setdefault(name, said["id"])
        left = NO_END if said["left"] is None else said["left"]
        return Answer(said["state"], (("granted", int(said["granted"])), ("left", left)))


def _request(event: Any, known: Any) -> tuple[str, Json]:
    """Where it is asked for, and what is said."""
    if isinstance(event, Grants):
        body: Json = {"member": _whom(event.who), "benefit": event.benefit, **SAID}
        body |= {"times": event.times}
        if event.until is not None:
            body["until_at"] = _instant(event.until)
        return "/v1/benefit-grants", body
    if isinstance(event, Uses):
        body = {"member": _whom(event.who), "benefit": event.benefit, "store": event.store}
        body["guests"] = [{"name": f"Guest {n}"} for n in range(event.guests)]
        if event.at is not None:
            body["from_at"] = _instant(event.at)
        return "/v1/benefit-uses", body
    path = f"/v1/benefit-uses/{known[event.name]}"
    if isinstance(event, Rebooks):
        return f"{path}/move", {"from_at": _instant(event.at)}
    return f"{path}/{'missed' if isinstance(event, StaysAway) else 'undo'}", {}
