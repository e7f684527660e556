"""Whatever a superuser does to a sealed chain is detected and located against the anchor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

import pytest
from tests.tamper import attacks
from tests.tamper.attacks import ATTACKS, ONLY_ANCHORS_TELL, Attack, Expected, Scene
from tests.tamper.vault import Vault, a_few_weeks
from tests.turns import NIGHTLY

from regulars.insight.chain import Report, walk
from regulars.insight.chain.run import look
from regulars.records.seal.types import Checkpoint

TAMPERINGS = 1_000 if NIGHTLY else 100
ROUNDS = 24 if NIGHTLY else 12


@pytest.fixture(scope="module")
def sealed(cluster: Any, make_database: Callable[[], Any]) -> Iterator[Vault]:
    """A few weeks of a shop, sealed every few deeds."""
    made = make_database()
    vault = Vault(made, cluster.dsn("postgres", made.name))
    a_few_weeks(vault, ROUNDS)
    yield vault
    vault.close()


def scene_of(vault: Vault) -> Scene:
    links = vault.rows("select * from seal_link order by position")
    return Scene(
        vault.superuser, vault.shop.program_id, links, vault.checkpoints(), vault.keys
    )  # fmt: skip


def attacked(
    vault: Vault, scene: Scene, attack: Attack, chance: Random, anchors: Sequence[Checkpoint]
) -> tuple[Report, Expected]:
    """What is found after one attack; the attack is undone afterwards."""

    async def act() -> tuple[Report, Expected]:
        undo = vault.superuser.transaction()
        await undo.start()
        try:
            await vault.superuser.execute("set local session_replication_role = replica")
            expected = await attack(scene, chance)
            return await look(vault.superuser, vault.keys, anchors), expected
        finally:
            await undo.rollback()

    return vault.run(act())


def test_untouched_books_are_as_they_were_sealed(sealed: Vault) -> None:
    report = sealed.verify(sealed.checkpoints())
    assert (report.wrong, report.right) == ((), True)
    assert report.chains[0].not_provable == ()


def test_every_tampering_is_detected_and_located(sealed: Vault) -> None:
    scene, chance, caught = scene_of(sealed), Random(28), Counter[str]()
    for number in range(TAMPERINGS):
        attack = ATTACKS[number % len(ATTACKS)]
        report, expected = attacked(sealed, scene, attack, chance, scene.checkpoints)
        assert not report.right, (number, attack.__name__, expected)
        assert expected.located(report.wrong), (number, attack.__name__, expected, report.wrong[:3])
        caught[attack.__name__] += 1
    assert caught.total() == TAMPERINGS
    assert sealed.verify(sealed.checkpoints()).right, "every attack was undone"


@pytest.mark.parametrize("attack", ONLY_ANCHORS_TELL)
def test_without_an_anchor_what_cannot_be_proven_is_said(sealed: Vault, attack: Attack) -> None:
    scene = scene_of(sealed)
    report, _ = attacked(sealed, scene, attack, Random(7), ())
    assert report.right
    (said,) = report.chains[0].not_provable
    assert "Without an anchor" in said
    assert "not provable" in said


def test_an_anchor_vouches_up_to_its_newest_line_and_no_further(sealed: Vault) -> None:
    scene = scene_of(sealed)
    older = scene.checkpoints[:3]
    report = sealed.verify(older)
    assert report.right
    (said,) = report.chains[0].not_provable
    assert f"After link {older[-1].size}" in said
    assert report.chains[0].anchored == older[-1].size


def test_a_verifier_that_skips_the_anchor_would_miss_a_cut_tail(
    sealed: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk.Walk, "anchored", lambda *_: None)
    scene = scene_of(sealed)
    report, _ = attacked(sealed, scene, attacks.truncate_tail, Random(1), scene.checkpoints)
    assert report.right, "the planted bug must blind it, or the tests above prove nothing"


def test_a_verifier_that_trusts_every_signature_would_miss_another_key(
    sealed: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = scene_of(sealed)
    monkeypatch.setattr(walk, "rightly_signed", lambda *_: True)
    report, _ = attacked(sealed, scene, attacks.change_key_id, Random(1), scene.checkpoints)
    assert report.right


def test_a_verifier_that_does_not_hash_rows_would_miss_an_edit(
    sealed: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = scene_of(sealed)
    blind = scene_of(sealed)
    monkeypatch.setattr(walk.Walk, "_compare", lambda *_, **__: None)
    report, _ = attacked(sealed, blind, attacks.edit_field, Random(2), scene.checkpoints)
    assert report.right
