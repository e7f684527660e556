"""What members were told of a version, and what they said to it."""

from __future__ import annotations

from regulars.flows.terms.say_words import SayWord, say_words
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.program.changes import read
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations.examples import terms as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import instant_of
from regulars.surfaces.api.wire.terms.planning import WordSent, WordShown, WordsShown, word_shown


async def said(call: Call) -> Reply:
    """A word is kept."""
    sent: WordSent = call.sent
    wish = SayWord(
        member_id=addressed("mem", call.ids["member_id"]),
        version=sent.version,
        word=sent.word,
        channel=sent.channel,
        said_at=instant_of(sent.said_at, "/said_at"),
        by=call.caller.principal,
    )
    terms = await call.terms()
    async with call.transaction as tx:
        (outcome,) = await say_words(tx, terms, [wish])
    kept = granted(outcome)
    return Reply(word_shown(kept.word), 201 if kept.fresh else 200, replayed=not kept.fresh)


async def listed(call: Call) -> Reply:
    """All words with one member."""
    id_ = addressed("mem", call.ids["member_id"])
    async with call.transaction as tx:
        if not await members.present(tx, [id_]):
            raise nobody()
        found = await read.words(tx, [id_])
    return Reply(WordsShown([word_shown(one) for one in found]))


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/members/{member_id}/terms",
        name="say_word",
        once=Once.AGAIN,
        tag="Programs",
        says="A member was told of a version, accepted it, or declined it",
        notes="Kept once per member, version and word; told again, the first stays. Nothing else "
        "follows from it.",
        scopes=(Scope.MEMBERS_WRITE,),
        sent=WordSent,
        answers={201: WordShown, 200: WordShown},
        example={"version": 2, "word": "accepted", "channel": "app"},
        answer_example=examples.WORD,
        codes=("unknown_member", "not_found", "member_erased"),
        do=said,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/terms",
        name="list_words",
        tag="Programs",
        says="What a member was told of versions and said to them, oldest first",
        scopes=(Scope.MEMBERS_READ,),
        answers={200: WordsShown},
        answer_example={"items": [examples.WORD]},
        codes=("unknown_member",),
        do=listed,
    ),
)
