"""Drafts: program files somebody works on, kept here until they are published."""

from __future__ import annotations

from regulars.flows.terms.keep_drafts import (
    DraftChanged,
    KeepDraft,
    drop_draft,
    keep_draft,
    no_draft,
)
from regulars.records.access.types import Scope
from regulars.records.program.changes import read
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import terms as examples
from regulars.surfaces.api.operations.examples.every_day import PUBLISHED, SOURCE
from regulars.surfaces.api.operations.terms.publishing import published, publishes
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import LanguageQuery, instant_of
from regulars.surfaces.api.wire.terms.planning import (
    DraftPublishSent,
    DraftSent,
    DraftShown,
    DraftsShown,
    DraftText,
    DropSent,
    draft_shown,
    draft_text,
)
from regulars.surfaces.api.wire.terms.programs import VersionPublished

_READ = (Scope.PROGRAMS_READ, Scope.PROGRAMS_WRITE)
_WRITE = (Scope.PROGRAMS_WRITE,)


async def listed(call: Call) -> Reply:
    """Every draft."""
    async with call.transaction as tx:
        found = await read.drafts(tx)
    return Reply(DraftsShown([draft_shown(one) for one in found]))


async def one(call: Call) -> Reply:
    """One draft with its file."""
    name = call.ids["name"]
    async with call.transaction as tx:
        found = await read.draft(tx, name)
    if found is None:
        raise no_draft(name)
    return Reply(draft_text(found))


async def keep(call: Call) -> Reply:
    """A draft is written."""
    sent: DraftSent = call.sent
    wish = KeepDraft(call.ids["name"], sent.source, sent.revision, call.caller.principal)
    async with call.transaction as tx:
        draft, fresh = await keep_draft(tx, wish)
    created = draft.revision == 1
    where = f"/v1/programs/drafts/{draft.name}"
    status = 201 if created else 200
    return Reply(draft_shown(draft), status, replayed=not fresh, location=where if created else "")


async def drop(call: Call) -> Reply:
    """A draft is forgotten."""
    sent: DropSent = call.sent
    async with call.transaction as tx:
        gone = await drop_draft(tx, call.ids["name"], sent.revision)
    return Reply(draft_shown(gone))


async def publish(call: Call) -> Reply:
    """A draft becomes the next version; it stays as a draft."""
    sent: DraftPublishSent = call.sent
    name = call.ids["name"]
    start = instant_of(sent.effective_from, "/effective_from")
    async with call.transaction as tx:
        draft = await read.draft(tx, name)
        if draft is None:
            raise no_draft(name)
        if draft.revision != sent.revision:
            raise DraftChanged(
                f"the draft is revision {draft.revision} by now, by {draft.changed_by}; read it "
                "before you publish it",
                field="/revision",
                revision=draft.revision,
            )
        done = await publishes(call, tx, draft.source, start, sent.accept)
    return published(call, done)


OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/programs/drafts",
        name="list_drafts",
        tag="Programs",
        says="Every draft, by name",
        scopes=_READ,
        answers={200: DraftsShown},
        answer_example={"items": [examples.DRAFT]},
        do=listed,
    ),
    Operation(
        method="GET",
        path="/v1/programs/drafts/{name}",
        name="get_draft",
        tag="Programs",
        says="One draft with its file, as it was written",
        scopes=_READ,
        answers={200: DraftText},
        answer_example=examples.DRAFT | {"source": SOURCE},
        codes=("not_found",),
        do=one,
    ),
    Operation(
        method="PUT",
        path="/v1/programs/drafts/{name}",
        name="keep_draft",
        once=Once.AGAIN,
        tag="Programs",
        says="Write a draft, or write it anew",
        notes="Name the `revision` you read, 0 for a new draft: whoever wrote it meanwhile is not "
        "overwritten (409). The file may be wrong; it is kept as it is.",
        scopes=_WRITE,
        sent=DraftSent,
        answers={201: DraftShown, 200: DraftShown},
        example={"source": SOURCE, "revision": 0},
        answer_example=examples.DRAFT,
        codes=("draft_changed", "not_found"),
        do=keep,
    ),
    Operation(
        method="DELETE",
        path="/v1/programs/drafts/{name}",
        name="drop_draft",
        once=Once.AGAIN,
        tag="Programs",
        says="Delete a draft",
        scopes=_WRITE,
        sent=DropSent,
        answers={200: DraftShown},
        example={"revision": 1},
        answer_example=examples.DRAFT,
        codes=("draft_changed", "not_found"),
        do=drop,
    ),
    Operation(
        method="POST",
        path="/v1/programs/drafts/{name}/publish",
        name="publish_draft",
        tag="Programs",
        says="Publish a draft as the next version",
        notes="Exactly the revision that is named; the draft stays. Else as publishing a file.",
        scopes=_WRITE,
        query=LanguageQuery,
        sent=DraftPublishSent,
        answers={201: VersionPublished, 200: VersionPublished},
        example={"revision": 1, "effective_from": "2027-01-01T00:00:00Z"},
        answer_example=PUBLISHED,
        codes=("bad_program", "already_published", "warnings_open", "draft_changed", "not_found"),
        do=publish,
    ),
)
