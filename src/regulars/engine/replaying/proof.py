"""Does a replay of what was published come to what the books say? Then a draft can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from regulars.engine.replaying.fold import Fold


class Proof(NamedTuple):
    """Where a replay and the books differ, and among how many figures."""

    compared: int
    differences: tuple[str, ...]

    @property
    def says(self) -> str:
        """The proof in a sentence."""
        if not self.differences:
            return (
                f"Proven: replaying the published versions comes to the books in all "
                f"{self.compared:,} balances, tiers and activities."
            )
        return (
            f"Not the same: {len(self.differences):,} of {self.compared:,} balances, tiers and "
            f"activities differ from the books; first {self.differences[0]}."
        )


def prove(
    fold: Fold,
    balances: Mapping[tuple[UUID, str], int],
    tiers: Mapping[UUID, str | None],
    gave: Mapping[tuple[UUID, str], int],
) -> Proof:
    """Compare what members have, where they stand, and what each activity gave, net.

    Shape: what is nothing is left out of `balances` and `gave`.
    """
    standing: dict[object, object] = {m: state.tier for m, state in fold.states.items()}
    pairs: list[tuple[str, Mapping[object, object], Mapping[object, object]]] = [
        ("balance", _balances(fold), dict(balances)),
        ("activity", _gave(fold), dict(gave)),
        ("tier", standing, {member: tiers.get(member) for member in fold.states}),
    ]
    compared, found = 0, []
    for what, ours, theirs in pairs:
        keys = ours.keys() | theirs.keys()
        compared += len(keys)
        for key in keys:
            if ours.get(key) != theirs.get(key):
                found.append(f"{what} {key}: replay {ours.get(key)}, books {theirs.get(key)}")
    return Proof(compared, tuple(found))


def _balances(fold: Fold) -> dict[object, object]:
    names = fold.terms.wallet_names
    return {
        (member_id, names[code]): units
        for member_id, state in fold.states.items()
        for code, b in state.balances.items()
        if (units := b.available + b.pending + b.held - b.debt)
    }


def _gave(fold: Fold) -> dict[object, object]:
    return {key: units for key, units in fold.tally.gave.items() if units}
