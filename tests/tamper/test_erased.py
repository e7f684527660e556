"""An erasure by the flow itself: the chain still verifies, and says what was erased."""

import random
from collections.abc import Callable

from tests.leaving.planting import CORNER, buy, correct, erase, person
from tests.tamper.vault import Vault


def test_the_chain_verifies_after_an_erasure(open_vault: Callable[..., Vault]) -> None:
    vault = open_vault(CORNER)
    chance = random.Random(2)
    people = [person(vault.shop, chance, place) for place in range(3)]
    for one in people:
        buy(vault.shop, chance, one, one.words[0], 80)
        correct(vault.shop, chance, one, one.words[0], 81)
    vault.seal()
    anchors = vault.checkpoints()
    assert vault.verify(anchors).wrong == ()
    erase(vault.shop, people[0])
    vault.seal()
    assert vault.verify(anchors).wrong == ()
