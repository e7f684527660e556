"""HubSpot of our own making: contacts by a unique property, and tickets that are searched for.

Source: HubSpot, CRM API v3, `contacts/batch/upsert` (multi-status errors by `objectWriteTraceId`)
and `tickets/search`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from tests.surfaces.connect.crm.desk import Row, Told
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

PAGE = Path(__file__).parents[4] / "docs/guides/developer/crm/hubspot.md"
HOST = "https://api.hubapi.com"


def published() -> str:
    """The mapping that the guide has."""
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(text)


class HubSpot:
    """Its contacts by their unique property, its tickets, and every request that came."""

    def __init__(self) -> None:
        self.contacts: dict[str, Row] = {}
        self.tickets: list[Row] = []
        self.asked: list[Sending] = []
        self.token = "pat-1"
        self.down = self.breaks = False
        self.page = 3
        self.reversed = False

    async def answers(self, sending: Sending) -> Answer:
        """As over HTTP, without one."""
        self.asked.append(sending)
        if self.down:
            raise NoAnswer("it refuses the connection")
        if dict(sending.headers)["Authorization"] != f"Bearer {self.token}":
            return _said(401, {"category": "INVALID_AUTHENTICATION"})
        body = msgspec.json.decode(sending.body)
        assert sending.method == "POST"
        if sending.url == f"{HOST}/crm/v3/objects/contacts/batch/upsert":
            answer = self._upsert(body)
            if self.breaks:
                raise NoAnswer("the connection broke off")
            return answer
        assert sending.url == f"{HOST}/crm/v3/objects/tickets/search"
        return self._search(body)

    def _upsert(self, body: Row) -> Answer:
        if not body["inputs"]:
            return _said(400, {"category": "VALIDATION_ERROR", "message": "inputs is empty"})
        results, errors = [], []
        for one in body["inputs"]:
            assert one.keys() == {"id", "idProperty", "objectWriteTraceId", "properties"}
            assert one["idProperty"] == "regulars_member"
            assert None not in one["properties"].values()
            if one["properties"]["email"].startswith("odd@"):
                errors.append(_wrong(one["objectWriteTraceId"]))
            else:
                self.contacts[one["id"]] = one["properties"]
                results.append({"id": "1", "properties": one["properties"], "new": True})
        if not errors:
            return _said(200, {"status": "COMPLETE", "results": results})
        more = {"results": results, "numErrors": len(errors), "errors": errors}
        return _said(207, {"status": "COMPLETE", **more})

    def _search(self, body: Row) -> Answer:
        (group,) = body["filterGroups"]
        (only,) = group["filters"]
        assert (only["propertyName"], only["operator"]) == ("hs_lastmodifieddate", "GTE")
        since = datetime.fromtimestamp(only["value"] / 1000, UTC)
        found = [one for one in self.tickets if datetime.fromisoformat(one["updatedAt"]) >= since]
        found.sort(key=lambda one: one["updatedAt"], reverse=self.reversed)
        begins = int(body.get("after", 0))
        page, ends = found[begins : begins + self.page], begins + self.page
        onward = {"paging": {"next": {"after": str(ends)}}} if ends < len(found) else {}
        return _said(200, {"total": len(found), "results": page, **onward})

    def ticket(self, email: str, at: datetime, stage: str = "4") -> Row:
        """One that changed at this moment."""
        properties = {"hs_pipeline_stage": stage, "closed_date": f"{at:%Y-%m-%dT%H:%M:%S.000Z}",
                      "customer_email": email, "hs_resolution": "solved",
                      "subject": "late"}  # fmt: skip
        made = {"id": str(100 + len(self.tickets)), "updatedAt": f"{at:%Y-%m-%dT%H:%M:%S.123Z}",
                "properties": properties}  # fmt: skip
        self.tickets.append(made)
        return made


class Hub(Told):
    """A source of the kind `crm` by the mapping of the guide."""

    def __init__(self, counter: Counter) -> None:
        mapping = published().replace("source: hubspot", "source: web-shop")
        super().__init__(counter, mapping)
        self.hub, self.host = HubSpot(), HOST
        database, keyed = self.shop.database, counter.given.keyed
        self.catcher = Catcher(database, Programs(database), keyed, self._send)

    async def _send(self, sending: Sending) -> Answer:
        return await self.hub.answers(sending)

    def tells(self, since: datetime | None = None, **more: Any) -> Row:
        return super().tells(since, **{"address": HOST, "key": self.hub.token} | more)

    def asks(self, since: datetime) -> None:
        """It is asked for tickets from this moment on."""
        wish = {"address": HOST, "key": self.hub.token, "since": since.isoformat()}
        answer = self.counter.ask("PUT", f"{self.place}/catch-up", wish)
        assert answer.status_code == 200, answer.text

    def catch_up(self, **later: float) -> Row:
        """As the worker does it; how far it is then."""
        self.later(**later or {"minutes": 6})
        self.shop.run(self.catcher.catch_up(self.shop.program_id))
        self.book()
        return self.counter.get(f"{self.place}/catch-up").json()  # type: ignore[no-any-return]

    def booked(self) -> list[str]:
        """The receipts of what tickets became."""
        sql = ("select external_id from activity where program_id = $1 and source = $2"
               " order by external_id")  # fmt: skip
        return [one for (one,) in self.shop.rows(sql, f"web-{self.mark}")]  # type: ignore[misc]

    def waits(self, **by: float) -> None:
        self.shop.now += timedelta(**by)


def _wrong(trace: str) -> Row:
    message = ('Property values were not valid: [{"isValid":false,"message":"Email address is '
               'invalid","error":"INVALID_EMAIL","name":"email"}]')  # fmt: skip
    return {"status": "error", "category": "VALIDATION_ERROR", "message": message,
            "context": {"objectWriteTraceId": [trace]}}  # fmt: skip


def _said(status: int, body: Row) -> Answer:
    return Answer(status, {}, msgspec.json.encode(body))
