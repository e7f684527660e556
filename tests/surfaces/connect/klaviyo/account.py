"""An account of Klaviyo of our own making: it keeps profiles, events and jobs as the API does, over
a function or over a port."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tests.surfaces.connect.klaviyo.published import Published

from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

KEY = "pk_test_1"
HOME = "http://127.0.0.1:1"


class KlaviyoAccount:
    """What it has by now; `asked` is everything that came, `log` what of it was taken."""

    def __init__(self, now: datetime, document: Published | None = None) -> None:
        self.clock, self.document = now, document
        self.key, self.down, self.lists = KEY, False, {"Y6nRLr"}
        self.profiles: list[dict[str, Any]] = []
        self.events: dict[tuple[str, str], dict[str, Any]] = {}
        self.deleted: list[str] = []
        self.jobs: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self.says: list[Answer] = []
        """Answers to the next requests in place of its own."""
        self.page_size = 100

    # --- what our client calls ------------------------------------------------------------

    async def send(self, sending: Sending) -> Answer:
        """As `Client.send`."""
        if self.down:
            raise NoAnswer("it refuses the connection")
        return self.answer(sending.method, sending.url, dict(sending.headers), sending.body)

    async def close(self) -> None:
        """As `Client.close`."""

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> Answer:
        """What it answers to these bytes."""
        parts = urlsplit(url)
        path = parts.path.removeprefix("/api/").strip("/")
        said = json.loads(body) if body else None
        names = {name.lower(): value for name, value in headers.items()}
        self.asked.append((method, path, said))
        if self.says:
            return self.says.pop(0)
        if names.get("authorization") != f"Klaviyo-API-Key {self.key}":
            return _errors(401, "not_authenticated")
        if not names.get("revision"):
            return _errors(400, "no_revision")
        if self.document is not None:
            self.document.hold(method, "/api/" + path, parts.query, said)
        told = {name: found for name, (found,) in parse_qs(parts.query).items()}
        return self._do(method, path, told, said)

    def _do(self, method: str, path: str, told: dict[str, str], said: Any) -> Answer:
        if method == "GET" and path == "profiles":
            return self._profiles(told)
        if method == "GET" and path.startswith("lists/"):
            known = path.removeprefix("lists/") in self.lists
            found = {"type": "list", "id": path[6:], "attributes": {"name": "News"},
                     "links": {"self": HOME}}  # fmt: skip
            return _json(200, {"data": found}) if known else _errors(404, "not_found")
        if path.startswith("profile-bulk-import-jobs/"):
            return self._job(path.split("/")[1:], told)
        does = {
            "profile-bulk-import-jobs": self._begin,
            "profile-import": self._import, "events": self._event,
            "profile-subscription-bulk-create-jobs": self._subscribe,
            "profile-subscription-bulk-delete-jobs": self._unsubscribe,
            "data-privacy-deletion-jobs": self._forget,
        }.get(path)  # fmt: skip
        return _errors(404, "not_found") if does is None else does(said["data"])

    # --- what it keeps --------------------------------------------------------------------

    def found(self, **said: str) -> dict[str, Any] | None:
        """The profile with this id, address or telephone."""
        return next(
            (p for p in self.profiles for name, value in said.items() if p.get(name) == value), None
        )

    def kept(self, email: str) -> dict[str, Any]:
        """The profile with this address."""
        profile = self.found(email=email)
        assert profile is not None, email
        return profile

    def consent(self, email: str, channel: str = "email") -> str:
        """What it has of a channel."""
        says = self.kept(email)["subscriptions"].get(channel, {}).get("marketing", {})
        return str(says.get("consent", "NEVER_SUBSCRIBED"))

    def names(self) -> list[str]:
        """The metric of each event, in the order they came."""
        return [name for name, _ in self.events]

    def later(self, **by_so_much: float) -> None:
        self.clock += timedelta(**by_so_much)

    def leaves(self, email: str, reason: str = "UNSUBSCRIBE", *, sms: bool = False) -> None:
        """Somebody unsubscribes there, by the link in a letter, or complains; perhaps from text
        messages too."""
        if sms:
            self._says(self.kept(email), "sms", "UNSUBSCRIBED", {})
        profile, at = self.kept(email), self.clock.isoformat()
        profile["subscriptions"]["email"] = {"marketing": {
            "can_receive_email_marketing": False,
            "consent": "UNSUBSCRIBED" if reason == "UNSUBSCRIBE" else "SUBSCRIBED",
            "consent_timestamp": at if reason == "UNSUBSCRIBE" else None, "last_updated": at,
            "suppression": [{"reason": reason, "timestamp": at}],
        }}  # fmt: skip
        self._touch(profile)

    def subscribes(self, email: str) -> None:
        """Somebody fills in a form there."""
        profile = self.found(email=email) or self._new({"email": email})
        self._says(profile, "email", "SUBSCRIBED", {"method_detail": "form"})

    def _new(self, told: dict[str, Any]) -> dict[str, Any]:
        profile = {
            "id": f"01K{len(self.profiles) + len(self.deleted):023d}",
            "properties": {},
            "subscriptions": {},
        }
        self.profiles.append(profile | told)
        self._touch(self.profiles[-1])
        return self.profiles[-1]

    def _touch(self, profile: dict[str, Any]) -> None:
        self.clock += timedelta(milliseconds=1)
        profile["updated"] = self.clock.isoformat()

    def _says(self, profile: dict[str, Any], channel: str, consent: str, more: Any) -> None:
        says = {f"can_receive_{channel}_marketing": consent == "SUBSCRIBED", "consent": consent,
                "consent_timestamp": self.clock.isoformat(), "suppression": []}  # fmt: skip
        profile["subscriptions"][channel] = {"marketing": says | more}
        self._touch(profile)

    def _upsert(self, told: dict[str, Any]) -> tuple[dict[str, Any], bool] | None:
        """The profile that is meant, by its id, then its address, then its telephone; nothing
        where two are."""
        ids = ("external_id", "email", "phone_number")
        meant = [p for name in ids if told.get(name) and (p := self.found(**{name: told[name]}))]
        if any(one is not meant[0] for one in meant):
            return None
        profile, fresh = (meant[0], False) if meant else (self._new({}), True)
        properties = profile["properties"] | told.get("properties", {})
        profile |= {name: value for name, value in told.items() if name != "properties"}
        profile["properties"] = properties
        self._touch(profile)
        return profile, fresh

    def _import(self, data: dict[str, Any]) -> Answer:
        if str(data["attributes"].get("email", "")).startswith("odd"):
            return _errors(400, "invalid")
        kept = self._upsert(data["attributes"])
        if kept is None:
            return _errors(409, "duplicate_profile")
        return _json(201 if kept[1] else 200, {"data": _shown(kept[0])})

    def _begin(self, data: dict[str, Any]) -> Answer:
        """A job is taken; its profiles are looked at once it is asked after for the second time."""
        rows = data["attributes"]["profiles"]["data"]
        assert 0 < len(rows) <= 10_000
        id_ = f"01JOB{len(self.jobs):021d}"
        self.jobs[id_] = {"rows": rows, "status": "queued", "errors": []}
        return _json(202, {"data": self._job_shown(id_)})

    def _job(self, steps: list[str], told: dict[str, str]) -> Answer:
        job = self.jobs.get(steps[0])
        if job is None:
            return _errors(404, "not_found")
        if len(steps) == 1:
            if job["status"] == "processing":
                self._finish(job)
            elif job["status"] == "queued":
                job["status"] = "processing"
            return _json(200, {"data": self._job_shown(steps[0])})
        assert steps[1] == "import-errors"
        begin, size = int(told.get("page[cursor]", 0)), int(told["page[size]"])
        links = {"self": HOME, "next": None}
        if begin + size < len(job["errors"]):
            links["next"] = f"https://elsewhere.example/x?page%5Bcursor%5D={begin + size}"
        return _json(200, {"data": job["errors"][begin : begin + size], "links": links})

    def _finish(self, job: dict[str, Any]) -> None:
        for place, row in enumerate(job["rows"]):
            told, field = row["attributes"], "email"
            odd = str(told.get("email", "")).startswith("odd")
            if not odd and self._upsert(told) is not None:
                continue
            where = f"/data/attributes/profiles/data/{place}/attributes/{field}"
            job["errors"].append({"type": "import-error", "id": f"e{place}", "attributes": {
                "code": "invalid" if odd else "duplicate_profile", "title": "Invalid",
                "detail": f"{told.get('email')} is not taken", "source": {"pointer": where},
                "original_payload": row["attributes"]}, "links": {"self": HOME}})  # fmt: skip
        job["status"] = "complete"

    def _job_shown(self, id_: str) -> dict[str, Any]:
        job = self.jobs[id_]
        counts = {"total_count": len(job["rows"]), "failed_count": len(job["errors"])}
        return {
            "type": "profile-bulk-import-job", "id": id_, "links": {"self": HOME},
            "attributes": {"status": job["status"], "created_at": self.clock.isoformat(), **counts},
        }  # fmt: skip

    def _event(self, data: dict[str, Any]) -> Answer:
        told = data["attributes"]
        name = told["metric"]["data"]["attributes"]["name"]
        self._upsert(told["profile"]["data"]["attributes"])
        self.events.setdefault((name, told["unique_id"]), told)
        return Answer(202, {}, b"")

    def _subscribe(self, data: dict[str, Any]) -> Answer:
        historical = data["attributes"].get("historical_import")
        for one in data["attributes"]["profiles"]["data"]:
            for channel, says in one["attributes"]["subscriptions"].items():
                assert historical == ("consented_at" in says["marketing"])
                told = {n: v for n, v in one["attributes"].items() if n != "subscriptions"}
                profile = (self._upsert(told) or (self._new(told), True))[0]
                more = {"custom_method_detail": data["attributes"].get("custom_source")}
                self._says(profile, channel, "SUBSCRIBED", more)
        return Answer(202, {}, b"")

    def _unsubscribe(self, data: dict[str, Any]) -> Answer:
        for one in data["attributes"]["profiles"]["data"]:
            for channel in one["attributes"]["subscriptions"]:
                told = {n: v for n, v in one["attributes"].items() if n != "subscriptions"}
                profile = (self._upsert(told) or (self._new(told), True))[0]
                self._says(profile, channel, "UNSUBSCRIBED", {})
        return Answer(202, {}, b"")

    def _forget(self, data: dict[str, Any]) -> Answer:
        id_ = data["attributes"]["profile"]["data"]["id"]
        self.profiles = [one for one in self.profiles if one["id"] != id_]
        self.deleted.append(id_)
        return Answer(202, {}, b"")

    def _profiles(self, told: dict[str, str]) -> Answer:
        wish = told.get("filter", "")
        name, _, rest = wish.partition("(")
        field, _, values = rest.removesuffix(")").partition(",")
        if name == "greater-than":
            after = datetime.fromisoformat(values)
            rows = [p for p in self.profiles if datetime.fromisoformat(p["updated"]) > after]
        elif wish:
            some = json.loads(values) if name == "any" else [json.loads(values)]
            rows = [p for p in self.profiles if p.get(field) in some]
        else:
            rows = self.profiles
        rows = sorted(rows, key=lambda p: p["updated"])
        size = min(int(told.get("page[size]", 20)), self.page_size)
        begin = int(told.get("page[cursor]", 0))
        links: dict[str, Any] = {"self": f"{HOME}/api/profiles", "next": None}
        if begin + size < len(rows):
            links["next"] = (
                f"https://elsewhere.example/api/profiles?page%5Bcursor%5D={begin + size}"
            )
        return _json(200, {"data": [_shown(p) for p in rows[begin : begin + size]], "links": links})


def _shown(profile: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in profile.items() if name != "id"}
    return {
        "type": "profile", "id": profile["id"], "attributes": told, "links": {"self": HOME},
    }  # fmt: skip


def _json(status: int, found: Any) -> Answer:
    return Answer(status, {"content-type": "application/vnd.api+json"}, json.dumps(found).encode())


def _errors(status: int, code: str) -> Answer:
    one = {"id": "1", "status": status, "code": code, "title": code, "detail": "somebody@x.org"}
    return _json(status, {"errors": [one]})


@contextmanager
def served(account: KlaviyoAccount) -> Iterator[str]:
    """The account on a port, for a client that is not ours."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            answer = account.answer(method, self.path, dict(self.headers), body)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            """Nothing is written anywhere."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
