"""A Salesforce organization of our own making: tokens that end, records, cases, limits."""

from __future__ import annotations

import re
from base64 import b64decode
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jwt
import msgspec

from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

Row = dict[str, Any]
OWN = ("Regulars_Member__c", "Regulars_State__c", "Regulars_Tier__c", "Regulars_Tier_Until__c",
       "Regulars_Points__c", "Regulars_NPS__c", "Regulars_NPS_At__c", "Regulars_Churn_Percent__c",
       "Regulars_CLV__c", "Regulars_Value_On__c")  # fmt: skip
FIELDS = {"Contact": {"Id", "FirstName", "LastName", "Email", "Phone", *OWN}}
KEY = "Regulars_Member__c"
PROCESSES = {
    "CreditPointsToMembers": ("PointsToCredit", 1), "DebitPointsFromMembers": ("PointsToDebit", -1),
}  # fmt: skip
_NO_GRANT = {"error": "invalid_grant", "error_description": "invalid assertion"}
_DATA = re.compile(r"/services/data/v[0-9]+\.[0-9]/(.*)")
_JOURNAL = re.compile(
    r"SELECT Id, Status FROM TransactionJournal WHERE ExternalTransactionNumber = '(\w+)'"
)
_QUERY = re.compile(
    r"SELECT ([\w., ]+) FROM Case(?: WHERE SystemModstamp >= (\S+))?(?: ORDER BY ([\w, ]+))?"
)


class Org:
    """Its records as they are by now, and every request that came."""

    def __init__(self, now: datetime) -> None:
        self.clock = now
        self.contacts: dict[str, Row] = {}
        self.cases: dict[str, Row] = {}
        self.key, self.secret = "3MVG9.key", "consumer-secret"
        self.user = "crm@tea-shop.example"
        self.certificate: Any = None
        """The public key of whoever signs in by a private one."""
        self.tokens: list[str] = []
        self.good: set[str] = set()
        self.asked: list[tuple[str, str, Any]] = []
        self.used, self.most = 10, 15_000
        self.batch = 2_000
        self.down = False
        self.locked: set[str] = set()
        self.rules: list[tuple[str, Any]] = []
        """Rules of its own: which value of which field it takes nobody with."""
        self.says: list[tuple[int, Any, dict[str, str]]] = []
        self.with_deleted = False
        self.journals: list[Row] = []
        self.strangers: set[str] = set()
        """Membership numbers nobody has there."""
        self.breaks = False
        """It does what it is asked, and the connection breaks off before it says so."""
        self._next = 0

    # --- what happens there ---------------------------------------------------------------------

    def case(self, email: str = "", **more: Any) -> str:
        """Somebody opens a case."""
        id_ = self._id("500")
        self.cases[id_] = {
            "Id": id_, "CaseNumber": f"{len(self.cases) + 1:08d}", "IsClosed": False,
            "IsDeleted": False, "Status": "New", "Reason": None, "Origin": "Web", "ClosedDate": None,
            "Description": "their own words", "ContactId": None, "Contact": {"Email": email},
        } | more  # fmt: skip
        self._changed(id_)
        return id_

    def closes(self, id_: str, status: str = "Solved", *, at: datetime | None = None) -> None:
        self.cases[id_] |= {"IsClosed": True, "Status": status, "ClosedDate": self._at(self.clock)}
        self._changed(id_, at)

    def deletes(self, id_: str) -> None:
        self.cases[id_]["IsDeleted"] = True
        self._changed(id_)

    def opens_again(self, id_: str) -> None:
        self.cases[id_] |= {"IsClosed": False, "Status": "Open again", "ClosedDate": None}
        self._changed(id_)

    def waits(self, **so_long: float) -> None:
        self.clock += timedelta(**so_long)

    # --- how it answers -------------------------------------------------------------------------

    async def answers(self, sending: Sending) -> Answer:
        """As over HTTP, without one."""
        status, found, headers = self.answer(
            sending.method, sending.url, dict(sending.headers), sending.body
        )
        if status == 0 or (self.breaks and "/connect/" in sending.url):
            raise NoAnswer("it refuses the connection")
        return Answer(status, headers, msgspec.json.encode(found))

    def answer(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Any, dict[str, str]]:
        """Whatever is asked, as its REST API has it."""
        small = {name.lower(): value for name, value in headers.items()}
        parts = urlsplit(url)
        if self.down:
            return 0, None, {}
        if parts.path == "/services/oauth2/token":
            return (*self.token(small, dict(parse_qsl(body.decode()))), {})
        if self.says:
            return self.says.pop(0)
        if small.get("authorization", "").removeprefix("Bearer ") not in self.good:
            return 401, _error("INVALID_SESSION_ID", "Session expired or invalid"), {}
        if self.used >= self.most:
            return 403, _error("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), {}
        self.used += 1
        wish = msgspec.json.decode(body) if body else None
        self.asked.append((method, parts.path, wish))
        told = _DATA.fullmatch(parts.path)
        assert told is not None, parts.path
        asked = dict(parse_qsl(parts.query))
        path = unquote(told[1]).rstrip("/")
        status, found = self._loyal(path, wish, asked) or self._data(method, path, wish, asked)
        return status, found, {"sforce-limit-info": f"api-usage={self.used}/{self.most}"}

    def token(self, headers: dict[str, str], said: dict[str, str]) -> tuple[int, Any]:
        if said.get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self._given() if self._is_signed(said["assertion"]) else (400, _NO_GRANT)
        who = (said.get("client_id", ""), said.get("client_secret", ""))
        if headers.get("authorization", "").startswith("Basic "):
            name, _, secret = b64decode(headers["authorization"][6:]).decode().partition(":")
            who = (name, secret)
        if said.get("grant_type") != "client_credentials" or who != (self.key, self.secret):
            return 400, {"error": "invalid_client", "error_description": "invalid client"}
        return self._given()

    def _is_signed(self, assertion: str) -> bool:
        """As Salesforce checks it: by the app's certificate, for a user it knows, for minutes."""
        if self.certificate is None:
            return False
        try:
            claims = jwt.decode(
                assertion, self.certificate, ["RS256"], audience="https://login.salesforce.com",
                options={"require": ["exp", "iss", "sub"], "verify_exp": False},
            )  # fmt: skip
        except jwt.InvalidTokenError:
            return False
        good = 0 < claims["exp"] - self.clock.timestamp() <= 300
        return good and (claims["iss"], claims["sub"]) == (self.key, self.user)

    def _given(self) -> tuple[int, Any]:
        token = f"00D!{len(self.tokens)}"
        self.tokens.append(token)
        self.good = {token}
        return 200, {"access_token": token, "token_type": "Bearer", "scope": "api",
                     "instance_url": "https://elsewhere.example.org"}  # fmt: skip

    def _data(self, method: str, path: str, wish: Any, asked: dict[str, str]) -> tuple[int, Any]:
        steps = path.split("/")
        if path == f"composite/sobjects/Contact/{KEY}" and method == "PATCH":
            return self._collection(wish)
        if path == "sobjects/Contact/describe":
            own = {KEY: {"externalId": True, "unique": True}}
            fields = [{"name": one, **own.get(one, {})} for one in sorted(FIELDS["Contact"])]
            return 200, {"name": "Contact", "fields": fields}
        if steps[:3] == ["sobjects", "Contact", KEY] and method == "PATCH":
            there = steps[3] in self.contacts
            result = self._upsert(wish | {KEY: steps[3]})
            return (200 if there else 201, result) if result["success"] else (400, result["errors"])
        if steps[:3] == ["sobjects", "Contact", KEY] and steps[3] in self.contacts:
            return 200, self.contacts[steps[3]]
        if steps[0] in ("query", "queryAll"):
            self.with_deleted = steps[0] == "queryAll" or (self.with_deleted and len(steps) > 1)
            return self._query(asked.get("q", ""), steps[1] if len(steps) > 1 else "")
        return 404, _error("NOT_FOUND", "The requested resource does not exist")

    def _loyal(self, path: str, wish: Any, asked: dict[str, str]) -> tuple[int, Any] | None:
        """Of its loyalty program; nothing where that was not asked."""
        steps = path.split("/")
        if path.startswith("connect/realtime/loyalty/programs/"):
            return self._journals(path.rpartition("/")[2], wish["transactionJournals"])
        if steps[:3] == ["connect", "loyalty", "programs"] and steps[4:5] == ["program-processes"]:
            return self._run(steps[3], steps[5], wish["processParameters"])
        if found := _JOURNAL.fullmatch(asked.get("q", "")):
            rows = [one for one in self.journals if one["ExternalTransactionNumber"] == found[1]]
            return 200, {"totalSize": len(rows), "done": True, "records": rows}
        return None

    def _journals(self, program: str, sent: list[Row]) -> tuple[int, Any]:
        """As its realtime resource has it: each is kept, processed or not; it says of all of them
        whether they were, and of each which it is."""
        told = []
        for one in sent:
            if wrong := _wrong(program, one):
                return wrong
            good = one["MembershipNumber"] not in self.strangers
            kept = one | {"Id": self._id("0lV"), "Status": "Processed" if good else "Error"}
            self.journals.append(kept)
            told.append({"id": kept["Id"], "changeInMemberPoints": [], "voucherResult": None})
        status = all(one["MembershipNumber"] not in self.strangers for one in sent)
        done = {"memberPointsBalance": [], "transactionJournalResult": told if status else []}
        return 201, {"status": status, "message": None if status else "It is nobody's",
                     "processResult": done, "programName": program,
                     "simulationResults": None}  # fmt: skip

    def _run(self, program: str, name: str, sent: list[Row]) -> tuple[int, Any]:
        """As its program processes have it: points that somebody else worked out, by a journal."""
        field, sign = PROCESSES.get(name, ("", 0))
        if not field:
            return 404, _error("NOT_FOUND", "The process isn't available or isn't active")
        results = []
        for one in sent:
            journal, units = one["TransactionJournal"], one.get(field)
            if wrong := _wrong(program, journal):
                return wrong
            if not isinstance(units, (int, float)) or units <= 0:
                return 400, _error("INVALID_INPUT", f"{field} is missing")
            if journal["MembershipNumber"] in self.strangers:
                return 200, _ran(False, "It is nobody's", [])
            kept = {"Id": self._id("0lV"), "Status": "Processed", "Process": name}
            self.journals.append(journal | kept | {"Points": sign * units, "Run": one})
            results.append({"PointsCredited" if sign > 0 else "PointsDebited": units})
        return 200, _ran(True, None, results)

    def _collection(self, wish: Any) -> tuple[int, Any]:
        records = wish["records"]
        assert wish["allOrNone"] is False
        if len(records) > 200:
            return 400, _error("EXCEEDED_MAX_SIZE_REQUEST", "record limit is 200")
        for one in records:
            for name in one.keys() - {"attributes"} - FIELDS["Contact"]:
                return 400, _error("INVALID_FIELD", f"No such column '{name}' on Contact")
        keys = [one[KEY] for one in records]
        assert len(keys) == len(set(keys)), "DUPLICATE_VALUE within one request"
        return 200, [self._upsert(one) for one in records]

    def _upsert(self, one: Row) -> Row:
        key, fields = one[KEY], {k: v for k, v in one.items() if k != "attributes"}
        if key in self.locked:
            return _no("UNABLE_TO_LOCK_ROW", [], f"unable to obtain access to {key}")
        if not (self.contacts.get(key, {}) | fields).get("LastName"):
            return _no("REQUIRED_FIELD_MISSING", ["LastName"], "Required fields are missing")
        for name, value in self.rules:
            if fields.get(name) == value:
                return _no("FIELD_CUSTOM_VALIDATION_EXCEPTION", [name], f"{value} is not for us")
        made = key not in self.contacts
        row = self.contacts.setdefault(key, {"Id": self._id("003")})
        row |= fields
        return {"id": row["Id"], "success": True, "created": made, "errors": []}

    def _query(self, soql: str, locator: str) -> tuple[int, Any]:
        if locator:
            soql, _, offset = bytes.fromhex(locator).decode().rpartition("|")
            begins = int(offset)
        else:
            begins = 0
        told = _QUERY.fullmatch(soql)
        if told is None:
            return 400, _error("MALFORMED_QUERY", f"unexpected token: {soql[:20]}")
        names = [one.strip() for one in told[1].split(",")]
        since = told[2].replace("Z", ".000+0000") if told[2] else ""
        rows = [
            one for one in self.cases.values()
            if one["SystemModstamp"] >= since and (self.with_deleted or not one["IsDeleted"])
        ]  # fmt: skip
        for name in names:
            if rows and name.split(".")[0] not in rows[0]:
                return 400, _error("INVALID_FIELD", f"No such column '{name}' on entity 'Case'")
        rows.sort(key=lambda one: (one["SystemModstamp"], one["Id"]))
        page = rows[begins : begins + self.batch]
        found = [_shown(one, names) for one in page]
        ends = begins + len(page)
        done = ends >= len(rows)
        answer: Row = {"totalSize": len(rows), "done": done, "records": found}
        if not done:
            at = f"{soql}|{ends}".encode().hex()
            answer["nextRecordsUrl"] = f"/services/data/v62.0/query/{at}"
        return 200, answer

    # --- how it is kept -------------------------------------------------------------------------

    def _id(self, prefix: str) -> str:
        self._next += 1
        return f"{prefix}{self._next:015d}"

    def _changed(self, id_: str, at: datetime | None = None) -> None:
        if at is None:
            self.clock += timedelta(seconds=1)
        self.cases[id_]["SystemModstamp"] = self._at(at or self.clock)

    def _at(self, at: datetime) -> str:
        return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _shown(row: Row, names: list[str]) -> Row:
    """The fields that were asked for, as a query has them."""
    found: Row = {"attributes": {"type": "Case", "url": f"/services/data/v62.0/{row['Id']}"}}
    for name in names:
        first, _, rest = name.partition(".")
        if rest:
            found.setdefault(first, {"attributes": {"type": first}})[rest] = row[first].get(rest)
        else:
            found[name] = deepcopy(row[name])
    return found


def _wrong(program: str, journal: Row) -> tuple[int, Any] | None:
    if program != "Tea Club":
        return 404, _error("NOT_FOUND", "no such loyalty program")
    for name in ("ActivityDate", "JournalTypeName", "MembershipNumber"):
        if not journal.get(name):
            return 400, _error("REQUIRED_FIELD_MISSING", f"{name} is missing")
    return None


def _ran(status: bool, message: str | None, results: list[Row]) -> Row:
    """Twice within each other, as they have it."""
    found = {"outputParameters": {"results": results}}
    return {"message": message, "outputParameters": found, "simulationDetails": {},
            "status": status}  # fmt: skip


def _error(code: str, says: str) -> list[Row]:
    return [{"message": says, "errorCode": code}]


def _no(code: str, fields: list[str], says: str) -> Row:
    error = {"statusCode": code, "message": says, "fields": fields}
    return {"success": False, "errors": [error]}
