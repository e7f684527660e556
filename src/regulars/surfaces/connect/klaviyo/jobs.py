"""Jobs by which Klaviyo takes many profiles at once: begun, asked after, and what they refused.

Source: Klaviyo, Bulk Import Profiles: up to 10,000 profiles and 5 MB of one job; its status, and
an error for each profile that was not taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import msgspec

from regulars.insight.connected.marketed import Marketed
from regulars.records.outbox.klaviyo.bulk import NotTaken
from regulars.surfaces.api.strict.ids import meant
from regulars.surfaces.connect.catching.asking import NotTold, Send
from regulars.surfaces.connect.klaviyo.asking import Account, asked
from regulars.surfaces.connect.klaviyo.profiles import Sharing, profile_of
from regulars.surfaces.connect.klaviyo.telling import People

PATH: Final = "profile-bulk-import-jobs"
BULK_FROM: Final = 200
"""From so many on profiles go by a job; fewer are told one by one, and at once."""
BULK: Final = 1_000
"""Profiles of one job at most."""
MOST_BYTES: Final = 4_500_000
_ERRORS: Final = 100
_ID: Final = re.compile(r"[A-Za-z0-9_=-]{1,100}")
_FIELD: Final = re.compile(r".*/attributes/(?P<field>[a-z_]{1,60})(/|\Z)")
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
Stands = Literal["going", "done", "gone"]


def job_of(some: Sequence[Marketed], sharing: Sharing) -> dict[str, Any]:
    """The job that makes or changes these profiles."""
    rows = [{"type": "profile", "attributes": profile_of(one, sharing)} for one in some]
    return {"type": "profile-bulk-import-job", "attributes": {"profiles": {"data": rows}}}


async def begin_job(send: Send, known: People, some: Sequence[Marketed]) -> tuple[str, int]:
    """Begin a job with as many of these as one takes; its number there, and how many those are.

    Raises: NotTold.
    """
    told = list(some[:BULK])
    while len(msgspec.json.encode(job := job_of(told, known.sharing))) > MOST_BYTES:
        told = told[: max(1, len(told) // 2)]
    found = (await asked(send, known.account.post(PATH, job))).get("data")
    id_ = found.get("id") if isinstance(found, dict) else None
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        raise NotTold("it answers something that is no job")
    return id_, len(told)


async def stands(send: Send, account: Account, job: str) -> Stands:
    """Whether a job goes on, is done, or is not there any more. Raises: NotTold."""
    fields = {"fields[profile-bulk-import-job]": "status"}
    try:
        found = await asked(send, account.get(f"{PATH}/{job}", fields))
    except NotTold as why:
        if why.why == "it answers 404":
            return "gone"
        raise
    status = _within(found, "data", "attributes").get("status")
    known: dict[object, Stands] = {
        "queued": "going", "processing": "going", "complete": "done", "cancelled": "gone",
    }  # fmt: skip
    if status not in known:
        raise NotTold("it answers something that is no job")
    return known[status]


async def not_taken(send: Send, account: Account, job: str) -> list[NotTaken]:
    """Which profiles of a job were not taken. Raises: NotTold.

    Keeps: its words may name an address, so only its code and field are taken.
    """
    found: list[NotTaken] = []
    page = ""
    for _ in range(BULK // _ERRORS + 1):
        wish = {"page[size]": str(_ERRORS), **({"page[cursor]": page} if page else {})}
        answer = await asked(send, account.get(f"{PATH}/{job}/import-errors", wish))
        rows = answer.get("data")
        if not isinstance(rows, list):
            raise NotTold("it answers something that is no list of errors")
        found += [_error(one) for one in rows]
        page = _following(answer.get("links"))
        if not page:
            break
    return found


def _error(row: Any) -> NotTaken:
    said = _within(row, "attributes")
    code, place = said.get("code"), _within(said, "source").get("pointer")
    field = _FIELD.match(place) if isinstance(place, str) else None
    return NotTaken(
        _whose(said.get("original_payload")),
        code if isinstance(code, str) and _CODE.fullmatch(code) else "not_taken",
        field["field"] if field else "",
    )


def _whose(payload: Any) -> UUID | None:
    """By our own id, which every profile we send has."""
    for one in (payload, _within(payload, "attributes"), _within(payload, "data", "attributes")):
        said = one.get("external_id") if isinstance(one, dict) else None
        if isinstance(said, str):
            return meant("mem", said)
    return None


def _within(found: Any, *names: str) -> dict[str, Any]:
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _following(links: Any) -> str:
    said = links.get("next") if isinstance(links, dict) else None
    if not isinstance(said, str):
        return ""
    return parse_qs(urlsplit(said).query).get("page[cursor]", [""])[0][:2_000]
