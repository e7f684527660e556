"""Members say which of several they choose: each once for a period."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.choosing import Say, choose
from regulars.engine.rewarding.including.options import (
    chosen,
    counts_at,
    period_on,
    words,
)
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.membership.plans.paid import load_plans
from regulars.flows.points.choosing.commands import ChoiceMade, ChoiceOutcome, ChooseOne
from regulars.flows.points.choosing.load import Made, load_choices
from regulars.records.once.write import Kept, keep
from regulars.records.rewards.choices.types import Choice
from regulars.records.rewards.choices.write import choose as keep_choices


async def choose_one(tx: Tx, terms: Terms, batch: Sequence[ChooseOne]) -> list[ChoiceOutcome]:
    """Keep what each member chooses for this period; who chose it already, chose it then.

    Refuses: see `engine.rewarding.choosing.Refusal`. Faults: unknown member.
    """
    asked = askings("choose_one", batch, lambda _: None)
    await sort_out(tx, asked, ChoiceMade)
    fresh = [item for item in asked if item.open]
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        states = await hold_members(tx, terms, found.values())
        made = await load_choices(tx, terms, states.values())
        await load_plans(tx, terms, states.values())
        changes, fresh_ones, answered = Changes(tx.new_id), list[Choice](), list[Kept]()
        for item in todo:
            state = states[found[item.place]]
            answered += _one((tx, terms, changes), item, state, (made, fresh_ones))
        await look_again(tx, todo, ChoiceMade)
        await tx.write(
            [*keep(tx, answered), *keep_choices(tx, fresh_ones), *writes_of(tx, terms, changes)]
        )
    return settle_followers(asked)


def _one(
    begun: tuple[Tx, Terms, Changes],
    item: Asking[ChooseOne],
    state: MemberState,
    there: tuple[Made, list[Choice]],
) -> list[Kept]:
    (tx, terms, changes), (made, fresh), command = begun, there, item.command
    version = terms.at(tx.now)
    before = _before(version, state, command, tx, made)
    if before is not None:
        choice: Choice | Refused = before
    else:
        actor = command.actor or command.asked.principal
        say = Say(command.word, command.option, tx.now, tx.new_id(), actor)
        choice = choose(changes, state, version, say)
    if isinstance(choice, Refused):
        item.outcome = choice
        return []
    if choice is not before:
        made[choice.member_id, choice.word, choice.period, choice.chosen] = choice
        fresh.append(choice)
    item.outcome = ChoiceMade(
        choice.choice_id, choice.member_id, choice.word, choice.chosen, choice.chosen_at
    )
    return kept(item, choice.member_id, choice.choice_id)


def _before(
    version: Version, state: MemberState, command: ChooseOne, tx: Tx, made: Made
) -> Choice | None:
    """The same choice, said before and still standing; the erased have said nothing."""
    if state.state == "erased" or command.word not in words(version):
        return None
    stands = chosen(version, state, command.word, tx.now)
    if stands is None or (stands.by, stands.option.id) != ("said", command.option):
        return None
    period = period_on(version, command.word, counts_at(version, state, command.word, tx.now))
    return made[state.member_id, command.word, period, command.option]
