"""Two CRMs of our own making whose tokens end within the hour: Dynamics 365 and Zoho.

Source: Microsoft identity platform, client credentials; Dataverse Web API, upsert by alternate key.
Zoho accounts server (an error is answered with 200), CRM API v6, `upsert` and `coql`.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from tests.surfaces.connect.crm.desk import Row, Told
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.surfaces.connect.outlets.crm.signing_in import TOKENS
from regulars.surfaces.senders.outgoing.client import Answer, Sending

GUIDES = Path(__file__).parents[4] / "docs/guides/developer/crm"


class Accounts:
    """Gives tokens to one client; each ends an hour later, or when somebody ends it."""

    def __init__(self, at: str, client: tuple[str, str]) -> None:
        self.at, self.client = at, client
        self.refresh = ""
        self.rotates = False
        self.asked: list[Row] = []
        self.good: set[str] = set()
        self.no: Answer | None = None
        """What it answers in place of a token."""

    async def answers(self, sending: Sending) -> Answer:
        await asyncio.sleep(0)  # whoever asks at the same moment is on the way as well
        form = dict(parse_qsl(sending.body.decode()))
        self.asked.append(form)
        if self.no is not None:
            return self.no
        assert (sending.method, form.pop("client_id"), form.pop("client_secret")) == (
            "POST", *self.client,
        )  # fmt: skip
        more: Row = {}
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] != self.refresh:
                return said(200, {"error": "invalid_code"})
            if self.rotates:
                self.refresh = more["refresh_token"] = f"{self.refresh}+"
        token = f"token-{len(self.asked)}"
        self.good.add(token)
        return said(200, {"access_token": token, "expires_in": 3600, **more})

    def lets(self, sending: Sending, prefix: str) -> bool:
        header = dict(sending.headers)["Authorization"]
        assert header.startswith(prefix)
        return header.removeprefix(prefix) in self.good


class Dynamics:
    """Contacts by an alternate key, and cases that are filtered by when they changed."""

    api = "https://tea-shop.crm4.dynamics.com/api/data/v9.2"

    def __init__(self) -> None:
        at = "https://login.microsoftonline.com/tea/oauth2/v2.0/token"
        self.accounts = Accounts(at, ("app-1", "s3cret~"))
        self.contacts: dict[str, Row] = {}
        self.cases: list[Row] = []

    async def answers(self, sending: Sending) -> Answer:
        if sending.url == self.accounts.at:
            return await self.accounts.answers(sending)
        if not self.accounts.lets(sending, "Bearer "):
            return said(401, {"error": {"code": "0x80072560", "message": "not a member"}})
        path = unquote(sending.url.removeprefix(f"{self.api}/"))
        if path.startswith("incidents"):
            return self._found(sending.url)
        key = re.fullmatch(r"contacts\(tea_member='([^']+)'\)", path)
        assert key is not None, path
        if sending.method == "GET":
            return said(404, {"error": {"code": "0x80060891", "message": "does not exist"}})
        assert sending.method == "PATCH"
        row = msgspec.json.decode(sending.body)
        if row["emailaddress1"].startswith("odd@"):
            message = "A validation error occurred. The value of 'emailaddress1' is invalid"
            return said(400, {"error": {"code": "0x80044331", "message": message}})
        self.contacts[key[1]] = row
        return Answer(204, {}, b"")

    def _found(self, url: str) -> Answer:
        asked = dict(parse_qsl(urlsplit(url).query))
        begins = re.fullmatch(r"modifiedon ge (\S+Z)", asked["$filter"])
        assert begins is not None, asked
        assert asked["$orderby"] == "modifiedon asc"
        found = [one for one in self.cases if one["modifiedon"] >= begins[1]]
        at = int(asked.get("page", 0))
        more = {"@odata.nextLink": f"{url}&page={at + 2}"} if at + 2 < len(found) else {}
        return said(200, {"value": found[at : at + 2], **more})

    def case(self, email: str, at: datetime) -> None:
        self.cases.append({
            "incidentid": f"i-{len(self.cases)}", "title": "late", "statecode": 1,
            "modifiedon": f"{at:%Y-%m-%dT%H:%M:%SZ}", "emailaddress": email,
        })  # fmt: skip


class Zoho:
    """Contacts by a field that is unique, and cases that are asked for by a sentence."""

    api = "https://www.zohoapis.eu"

    def __init__(self) -> None:
        self.accounts = Accounts("https://accounts.zoho.eu/oauth/v2/token", ("1000.A", "z-s"))
        self.accounts.refresh = "1000.r"
        self.contacts: dict[str, Row] = {}
        self.cases: list[Row] = []

    async def answers(self, sending: Sending) -> Answer:
        if sending.url == self.accounts.at:
            return await self.accounts.answers(sending)
        if not self.accounts.lets(sending, "Zoho-oauthtoken "):
            return said(401, {"code": "INVALID_OAUTHTOKEN", "status": "error"})
        body = msgspec.json.decode(sending.body)
        if sending.url == f"{self.api}/crm/v6/coql":
            return self._found(body["select_query"])
        assert (sending.method, sending.url) == ("POST", f"{self.api}/crm/v6/Contacts/upsert")
        assert body["duplicate_check_fields"] == ["Regulars_Member"]
        if not body["data"]:
            return said(400, {"code": "INVALID_DATA", "details": {}, "status": "error"})
        results = []
        for row in body["data"]:
            if row["Email"].startswith("odd@"):
                why = {"code": "INVALID_DATA", "details": {"api_name": "Email"}, "status": "error"}
                results.append(why)
            else:
                self.contacts[row["Regulars_Member"]] = row
                results.append({"code": "SUCCESS", "details": {"id": "1"}, "status": "success"})
        return said(200, {"data": results})

    def _found(self, query: str) -> Answer:
        begins = re.search(r"Modified_Time >= '(\S+\+00:00)' order by Modified_Time asc", query)
        assert begins is not None, query
        found = [one for one in self.cases if one["Modified_Time"] >= begins[1]]
        if not found:
            return Answer(204, {}, b"")
        return said(200, {"data": found, "info": {"more_records": False}})

    def case(self, email: str, at: datetime) -> None:
        self.cases.append({
            "id": f"{7000 + len(self.cases)}", "Status": "Closed", "Case_Reason": "late",
            "Modified_Time": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00", "Email": email,
        })  # fmt: skip


class Signed(Told):
    """A source of the kind `crm` by the mapping of one of the guides."""

    def __init__(self, counter: Counter, name: str, crm: Dynamics | Zoho) -> None:
        page = (GUIDES / f"{name}.md").read_text("utf-8")
        (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
        super().__init__(counter, text.replace(f"source: {name}", "source: web-shop"))
        self.there, self.name = crm, name
        TOKENS.__init__()  # of another test's accounts, which give tokens of the same names
        database, keyed = self.shop.database, counter.given.keyed
        self.catcher = Catcher(database, Programs(database), keyed, self._send)

    async def _send(self, sending: Sending) -> Answer:
        return await self.there.answers(sending)

    def entered(self, **more: Any) -> Row:
        accounts = self.there.accounts
        key, secret = accounts.client
        wish: Row = {"address": self.there.api, "key": key, "secret": secret,
                     "token_address": accounts.at}  # fmt: skip
        if accounts.refresh:
            wish["refresh_token"] = accounts.refresh
        return wish | more

    def asks(self, since: datetime) -> None:
        """It is asked for cases from then on, and told of members by the same keys."""
        wish = self.entered(since=since.isoformat())
        answer = self.counter.ask("PUT", f"{self.place}/catch-up", wish)
        assert answer.status_code == 200, answer.text
        answer = self.counter.ask("PUT", f"{self.place}/outlet", {})
        assert answer.status_code == 200, answer.text

    def catch_up(self) -> Row:
        self.later(minutes=6)
        self.shop.run(self.catcher.catch_up(self.shop.program_id))
        self.book()
        return self.counter.get(f"{self.place}/catch-up").json()  # type: ignore[no-any-return]

    def booked(self) -> int:
        sql = "select count(*) from activity where program_id = $1 and source = $2"
        ((many,),) = self.shop.rows(sql, f"web-{self.mark}")
        return int(many)


def said(status: int, body: Row) -> Answer:
    return Answer(status, {}, msgspec.json.encode(body))
