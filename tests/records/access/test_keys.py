"""Keys: shown once, told apart from slips, known by digest, open only what they say."""

from hashlib import sha256

import pytest

from regulars.records.access.keys import is_whole, key_hash, make_key
from regulars.records.access.types import Scope, allows


def test_a_key_has_its_mode_its_secret_and_a_sum_over_both() -> None:
    made = make_key("live", bytes(range(20)))
    assert made.shown == "reg_live_aaaqeayeaudaocajbifqydiob4ibceqt" + made.shown[-7:]
    assert len(made.shown) == 48
    assert made.hash == sha256(made.shown.encode()).digest() == key_hash(made.shown)
    assert make_key("test", bytes(range(20))).shown.startswith("reg_test_aaaqeayeaudao")


def test_other_bits_make_another_key() -> None:
    keys = {make_key("live", bytes([place] * 20)).hash for place in range(256)}
    assert len(keys) == 256


def test_every_wrong_letter_and_every_lost_one_is_told_from_an_unknown_key() -> None:
    shown = make_key("test", b"\xfe\x01" * 10).shown
    assert is_whole(shown)
    for place in range(len(shown)):
        assert not is_whole(shown[:place] + shown[place + 1 :])
        for letter in "a7z2_":
            if letter != shown[place]:
                assert not is_whole(shown[:place] + letter + shown[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "reg_live_", "REG_LIVE_" + "a" * 39, "x" * 100_000, "reg_prod_" + "a" * 39]
)
def test_what_was_never_a_key_is_not_whole(text: str) -> None:
    assert not is_whole(text)


def test_a_short_secret_is_never_made() -> None:
    with pytest.raises(AssertionError):
        make_key("live", b"short")


@pytest.mark.parametrize("needed", Scope)
def test_a_key_opens_what_it_says_and_nothing_else(needed: Scope) -> None:
    assert allows({needed}, needed)
    assert allows({"all"}, needed)
    assert not allows((), needed)
    others = frozenset(Scope) - {needed, Scope.ALL}
    assert not allows(others, needed)
    assert not allows({"members:everything", f"{needed} ", needed.upper()}, needed)
