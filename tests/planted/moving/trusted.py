"""Bugs about what is only for who has proven something, and about imports that are taken back, that
the model has to notice in a game that goes straight to where they show."""

from __future__ import annotations

import os
from typing import Any, Final

from tests.planted.bug import Bug

_PROOFS: Final = "flows/points/choosing/proving.py"
_BEGINS: Final = "engine/rewarding/including/beginning.py"
_TYPED: Final = "flows/access/use_codes.py"
_BACK: Final = "flows/importing/take_back.py"
_HANDS: Final = "flows/points/gaming/hand_rewards.py"
_GIVING: Final = "engine/rewarding/gaming/giving.py"
TRUSTED: Final = (
    Bug(
        "the model: a review of the same in other letters is another one",
        "engine/checking/telling.py",
        'return " ".join(subject.casefold().split())',
        "return subject",
        "checks.model_of_reviews",
    ),
    Bug(
        "the model: what nobody approved in time is told for ever until a night comes",
        "records/activity/read.py",
        "or (l.state = 'pending' and l.cancels_at <= $5::timestamptz)",
        "or (l.state = 'pending' and l.cancels_at < $5::timestamptz - interval '9 years')",
        "checks.model_of_reviews",
    ),
    Bug(
        "the model: two who are one tell of the same twice",
        "records/activity/read.py",
        "select a.member_id, a.into_id from member_alias a\n"
        "     where a.program_id = $1 and a.into_id = any($2::uuid[])",
        "select a.member_id, a.into_id from member_alias a\n     where false and a.program_id = $1",
        "checks.model_of_reviews",
    ),
    Bug(
        "the model: points for a review can be spent before anybody looked at it",
        "engine/deciding/pending.py",
        "needs.approved.get(kind) or needs.waits",
        "needs.waits",
        "checks.model_of_reviews",
    ),
    Bug(
        "the model: something of exactly the bound needs the card",
        "engine/rewarding/counter/proving.py",
        "worth_minor > units(",
        "worth_minor >= units(",
        "checks.model_of_cards",
    ),
    Bug(
        "the model: one showing is good for two things",
        _PROOFS,
        "before.redemption_id is not None or before.taken_by",
        "before.taken_by",
        "checks.model_of_cards",
    ),
    Bug(
        "the model: a picture of a code is good for as long as one likes",
        _PROOFS,
        "return None if shown.step > step_of(now) - STEPS_GOOD else CARD_NEEDED",
        "return None",
        "checks.model_of_cards",
    ),
    Bug(
        "the model: the card of somebody else will do",
        _PROOFS,
        "self._stands.get(shown.member_id, shown.member_id) != member_id",
        "False",
        "checks.model_of_cards",
    ),
    Bug(
        "the model: digits that were sent for a cake fetch a bicycle",
        _PROOFS,
        "if self._sent_for.get(before.asked, reward) != reward:",
        "if False:",
        "checks.model_of_digits",
    ),
    Bug(
        "the model: digits are good a moment too long",
        "records/access/members/types.py",
        "return self.used_at is None and now < self.recorded_at + lasts",
        "return self.used_at is None and now <= self.recorded_at + lasts",
        "checks.model_of_digits",
    ),
    Bug(
        "the model: a sixth try is one too",
        _TYPED,
        "            if code.tries >= MOST_TRIES:",
        "            if code.tries > MOST_TRIES:",
        "checks.model_of_digits",
    ),
    Bug(
        "the model: who showed their card twice loses the code",
        _TYPED,
        "            desk.leave(meant)\n",
        "",
        "checks.model_of_digits",
    ),
    Bug(
        "the model: digits that were said are good at every till",
        _TYPED,
        "and u.taken_by == one.by)",
        "and one.by)",
        "checks.model_of_digits",
    ),
    Bug(
        "the model: who tells late that they had the tier before has the allowance again",
        "engine/deciding/benefit.py",
        "if code == counter and counted.period <= period < counted.before",
        "if code == counter and counted.period == period",
        "checks.model_of_belated",
    ),
    Bug(
        "the model: what came late begins no allowance",
        _BEGINS,
        '        if step_of(version, move.from_tier) < wanted or move.reason == "kept":',
        '        if move.reason != "restated" and ('
        'step_of(version, move.from_tier) < wanted or move.reason == "kept"):',
        "checks.model_of_belated",
    ),
    Bug(
        "the model: who reaches a tier again has the allowance again",
        _BEGINS,
        "if found.ends_at is None or begun_at >= found.ends_at:",
        "if True:",
        "checks.model_of_began",
    ),
    Bug(
        "the model: an allowance that began with its member has no end",
        _BEGINS,
        "return stretch.ends_at is not None and at >= stretch.ends_at",
        "return False",
        "checks.model_of_began",
    ),
    Bug(
        "the model: a tier that is kept is no new beginning",
        _BEGINS,
        ' or move.reason == "kept":',
        ":",
        "checks.model_of_began",
    ),
    Bug(
        "the model: every second of something is the second only",
        "engine/rewarding/gaming/gifts.py",
        "range(1, min(together // at, MOST if again else 1) + 1)",
        "range(1, min(together // at, 1) + 1)",
        "checks.model_of_prizes",
    ),
    Bug(
        "the model: an article that was fetched is given again",
        _GIVING,
        "        changes, state, won, (prize.redemption_id, ACTOR, now)\n    ):\n        return\n",
        "        changes, state, won, (prize.redemption_id, ACTOR, now)\n    ):\n        pass\n",
        "checks.model_of_prizes",
    ),
    Bug(
        "the model: an article that is won no more stays reserved",
        "engine/rewarding/gaming/winning.py",
        "        rewards.withdrawn.append(issued.redemption)\n        return True\n",
        "        return True\n",
        "checks.model_of_prizes",
    ),
    Bug(
        "the model: an article that was won stays reserved, though its prize is gone",
        _HANDS,
        "        self.batch.closed |= {one.redemption_id: one for one in self.rewards.withdrawn}\n",
        "",
        "checks.model_of_prizes",
    ),
    Bug(
        "the model: an article whose prize is gone is looked up nowhere",
        _HANDS,
        "p.redemption_id for p in had if p.redemption_id is not None and key_of(p) not in keys",
        "p.redemption_id for p in had if p.redemption_id is not None and key_of(p) in keys",
        "checks.model_of_prizes",
    ),
    Bug(
        "the model: who is blocked is not looked at again",
        "flows/points/gaming/settle_prizes.py",
        " | dict.fromkeys(blocked, tx.now + LATER)",
        "",
        "checks.model_of_prizes",
    ),
    Bug(
        "the model: who bought since an import is taken back all the same",
        "records/imports/undoing/read.py",
        "   and a.actor <> 'import:' || $2::uuid\n",
        "   and false\n",
        "checks.model_of_imports",
    ),
    Bug(
        "the model: who was here loses what they had before an import",
        _BACK,
        "if own or lot.entry_id in opened",
        "if True",
        "checks.model_of_imports",
    ),
    Bug(
        "the model: points of whom an import made stay with a pseudonym",
        "engine/moving/take_back.py",
        "        if not left:\n",
        "        if left:\n",
        "checks.model_of_imports",
    ),
    Bug(
        "the model: receipts of what was taken back stay taken",
        "records/imports/undoing/write.py",
        "    await tx.fetch(_COME_AGAIN, import_id)\n",
        "",
        "checks.model_of_imports",
    ),
    Bug(
        "the model: of points of an import that were spent in part the rest is taken",
        "records/imports/undoing/read.py",
        " or l.remaining <> l.amount or",
        " or",
        "checks.model_of_imports",
    ),
)


def _plays(name: str) -> Any:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.model.money.trusted.chosen import play_chosen
        from tests.model.money.trusted.on_postgresql import KEYED
        from tests.model.money.trusted.test_trusted import OneByOne

        assert KEYED

        class Own(OneByOne):
            called = f"model-{os.getpid()}"

        play_chosen(name, lambda source, now: Own(shop, source, now))

    return check


NAMES: Final = ("reviews", "cards", "digits", "began", "belated", "prizes", "imports")
TRUSTING: Final[dict[str, Any]] = {f"model_of_{name}": _plays(name) for name in NAMES}
