"""A source of the kind `salesforce`: its organization is told of members and asked for cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.surfaces.connect.crm.desk import Told
from tests.surfaces.connect.salesforce.org import Org
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.surfaces.connect.outlets.salesforce.kind import SalesforceKind
from regulars.surfaces.senders.outgoing.client import Answer, Sending

ORGS: dict[str, Org] = {}


class Force(Told):
    """One organization beside the counter."""

    def __init__(self, counter: Counter) -> None:
        mapping = SalesforceKind().mapping.replace("source: salesforce ", "source: web-shop ")
        super().__init__(counter, mapping, "salesforce")
        self.org = Org(self.shop.now)
        self.host = f"https://{self.mark}.my.salesforce.com"
        ORGS[self.host] = self.org
        database, keyed = self.shop.database, counter.given.keyed
        self.catcher = Catcher(database, Programs(database), keyed, self._send)

    async def _send(self, sending: Sending) -> Answer:
        return await ORGS[sending.url.partition("/services/")[0]].answers(sending)

    @property
    def keys(self) -> dict[str, str]:
        return {"address": self.host, "key": self.org.key, "secret": self.org.secret}

    def tells(self, since: datetime | None = None, **more: Any) -> dict[str, Any]:
        wish: dict[str, Any] = self.keys | more
        if since is not None:
            wish["since"] = since.isoformat()
        answer = self.counter.ask("PUT", f"{self.place}/outlet", wish)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def asks(self, since: datetime) -> None:
        """It is asked for cases from this moment on."""
        wish = self.keys | {"since": since.isoformat()}
        answer = self.counter.ask("PUT", f"{self.place}/catch-up", wish)
        assert answer.status_code == 200, answer.text

    def catch_up(self) -> dict[str, Any]:
        """As the worker does it; how far it is then."""
        self.shop.run(self.catcher.catch_up(self.shop.program_id))
        self.book()
        return self.counter.get(f"{self.place}/catch-up").json()  # type: ignore[no-any-return]

    def booked(self) -> list[tuple[str, str]]:
        """Every activity it became, by kind and receipt."""
        return self.shop.rows(_BOOKED, f"web-{self.mark}")  # type: ignore[return-value]


_BOOKED = """
select kind, external_id from activity
 where program_id = $1 and source = $2 order by external_id
"""
