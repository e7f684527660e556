"""Salesforce is told of members: two hundred in one request, known by an External ID.

Source: Salesforce REST API, sObject Collections, `PATCH composite/sobjects/{object}/{field}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from regulars.surfaces.connect.catching.asking import NotTold, Send, Shop
from regulars.surfaces.connect.outlets.mapping import MembersMap
from regulars.surfaces.connect.outlets.records import encoded
from regulars.surfaces.connect.outlets.salesforce.asking import Salesforce, Tokens
from regulars.surfaces.connect.outlets.telling import Heard, Refusal, Wish

MOST: Final = 200
"""Of one request, as Salesforce has it."""
_PASSES: Final = ("UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT")
NOT_TAKEN: Final = "it does not take this record"


class SalesforceMembers:
    """Contacts, or another object, by their External ID.

    Keeps: one request answers 200 whatever becomes of its records: each says for itself whether it
    was taken, in their order. A record that fails takes no other with it (`allOrNone` is false).
    """

    most: Final = MOST

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def tell(self, send: Send, shop: Shop, wish: Wish) -> Heard:
        """It has these records from now on."""
        by, records = wish.by, wish.records
        rows = [{"attributes": {"type": by.object}, **one.fields} for one in records]
        body = encoded({"allOrNone": False, "records": rows})
        path = f"composite/sobjects/{by.object}/{by.key}"
        said = await Salesforce(send, shop, self._tokens).patch(path, body)
        if not isinstance(said.found, list) or len(said.found) != len(records):
            raise NotTold("it answers something that is not one result for each record")
        return Heard([_refused(one, by) for one in said.found], said.rest_s)

    async def greet(self, send: Send, shop: Shop, wish: Wish) -> None:
        """It lets itself be asked, and has every field that is told; nothing is changed."""
        by = wish.by
        said = await Salesforce(send, shop, self._tokens).get(f"sobjects/{by.object}/describe")
        rows = said.found.get("fields") if isinstance(said.found, dict) else None
        if not isinstance(rows, list):
            raise NotTold("it answers something that describes no object")
        known = {one.get("name"): one for one in rows if isinstance(one, dict)}
        missing = [name for name in by.fields if name not in known]
        if missing:
            raise NotTold(f"{by.object} has no field {', '.join(missing[:5])}")
        key = known[by.key]
        if not key.get("externalId") or not key.get("unique"):
            raise NotTold(f"{by.object}.{by.key} is no External ID that is unique")


def _refused(one: Any, by: MembersMap) -> Refusal | None:
    """Why it does not take a record: its code and field, and none of its words."""
    if isinstance(one, Mapping) and one.get("success") is True:
        return None
    errors = one.get("errors") if isinstance(one, Mapping) else None
    first = errors[0] if isinstance(errors, list) and errors else {}
    code = first.get("statusCode") if isinstance(first, Mapping) else None
    said = code if isinstance(code, str) and code.replace("_", "").isalnum() else "not_taken"
    fields = first.get("fields") if isinstance(first, Mapping) else None
    named = [name for name in fields if name in by.fields] if isinstance(fields, list) else []
    return Refusal(said[:60], named[0] if named else "", NOT_TAKEN, passes=said in _PASSES)
