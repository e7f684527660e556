"""A CRM of our own making: it keeps members by their key, and may be away, busy or choosy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.counter import Counter

from regulars.flows.telling.surveys.answer_surveys import answer_surveys
from regulars.flows.telling.surveys.commands import AnswerSurvey, InviteMember, KeepSurvey
from regulars.flows.telling.surveys.invite_members import invite_members
from regulars.flows.telling.surveys.keep_surveys import keep_surveys
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.relayer import Relayer
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.connect.outlets.crm.kind import Crm
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

Row = dict[str, Any]
HOSTS: dict[str, Crms] = {}
"""Every one there is, by where it is: a worker tells all systems of a program."""


class Crms:
    """Its rows by their key, and every request that came."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.asked: list[Sending] = []
        self.once: dict[str, Answer] = {}
        self.token = "token-1"
        self.down = False
        self.breaks = False
        """It takes what it is sent, and the connection breaks off before it says so."""
        self.says: list[Answer] = []
        """What it answers next, whatever it is asked."""
        self.refuses: Callable[[Row], tuple[str, str] | None] = lambda row: None
        self.chokes_on: Callable[[Row], int] = lambda row: 0
        """With which status it answers a request that has such a row in it."""

    async def answers(self, sending: Sending) -> Answer:
        """As over HTTP, without one."""
        self.asked.append(sending)
        if self.down:
            raise NoAnswer("it refuses the connection")
        if self.says:
            return self.says.pop(0)
        headers = dict(sending.headers)
        if headers["Authorization"] != f"Bearer {self.token}":
            return Answer(401, {}, b"{}")
        assert (sending.method, sending.url.rpartition("/")[2]) == ("POST", "members")
        once = headers["Idempotency-Key"]
        if once in self.once:  # as whoever keeps its answers does
            return self.once[once]
        rows = msgspec.json.decode(sending.body)["members"]
        for row in rows:
            if status := self.chokes_on(row):
                return Answer(status, {}, b"{}")
        results = []
        for row in rows:
            if no := self.refuses(row):
                results.append({"key": row["external_id"], "code": no[0], "field": no[1]})
            else:
                self.rows[row["external_id"]] = row
        answer = Answer(200, {}, msgspec.json.encode({"results": results}))
        self.once[once] = answer
        if self.breaks:
            raise NoAnswer("the connection broke off")
        return answer

    def sent(self) -> list[list[Row]]:
        """The records of each request."""
        return [msgspec.json.decode(one.body)["members"] for one in self.asked]


class Told(Sender):
    """A source of the kind `crm`, whose system is told of members."""

    def __init__(self, counter: Counter, mapping: str = "", kind: str = "crm") -> None:
        text = (mapping or Crm().mapping).replace("source: crm ", "source: web-shop ")
        super().__init__(counter, text, kind)
        self.crm = Crms()
        self.host = f"https://crm-{self.mark}.example.org"
        HOSTS[self.host] = self.crm
        database = self.shop.database
        keyed = counter.given.keyed
        self.relayer = Relayer(database, Programs(database), keyed, self._send)

    async def _send(self, sending: Sending) -> Answer:
        return await HOSTS[sending.url.partition("/api/")[0]].answers(sending)

    def tells(self, since: datetime | None = None, **more: Any) -> Row:
        """It is told from now on, or of all that happened since then."""
        wish: Row = {"address": f"{self.host}/api", "key": self.crm.token} | more
        if since is not None:
            wish["since"] = since.isoformat()
        answer = self.counter.ask("PUT", f"{self.place}/outlet", wish)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def relay(self) -> Row:
        """As the worker does it; how far it is then."""
        self.shop.run(self.relayer.relay(self.shop.program_id))
        return self.shown()

    def shown(self) -> Row:
        return self.counter.get(f"{self.place}/outlet").json()  # type: ignore[no-any-return]

    def joins(self, name: str, **more: Any) -> str:
        """Somebody who is known by an address; their id."""
        email = f"{name}@{self.mark}.example.org"
        body = {"identifiers": [{"kind": "email", "value": email}], "given_name": "Ada",
                "family_name": name.title()} | more  # fmt: skip
        answer = self.counter.post("/v1/members", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def buys(self, member: str, cups: int = 1) -> None:
        line = {"sku": "latte", "category": "coffee", "quantity": cups,
                "amount": {"minor": 350 * cups, "currency": "EUR"}}  # fmt: skip
        wish = {"kind": "purchase", "member": {"id": member}, "lines": [line]}
        answer = self.counter.post("/v1/activities", wish)
        assert answer.status_code in (200, 201), answer.text

    def points(self, member: str) -> int:
        """What the shop itself says they can spend."""
        found = self.counter.get(f"/v1/members/{member}/standing").json()
        return int(found["wallets"]["points"]["available"])

    def ends(self) -> None:
        self.counter.ask("DELETE", self.place)

    def says(self, member: str, score: int) -> None:
        """Somebody is asked whether they would recommend us, and answers."""
        by, code = By(words="mia"), f"nps-{self.mark}"
        asks, thanks = {"en": "Would you recommend us?"}, {"en": "Thanks"}
        self.shop.ask(keep_surveys, KeepSurvey(code, "NPS", "nps", asks, (), thanks, by))
        who = MemberRef(id=addressed("mem", member))
        (asked,) = self.shop.ask(invite_members, InviteMember(code, who, by))
        self.shop.ask(answer_surveys, AnswerSurvey(asked.invitation_id, score, {}, "en"))

    def since(self, shown: Row) -> datetime:
        """Since when the first of those it is to be told of waits."""
        return datetime.fromisoformat(shown["waiting_since"])
