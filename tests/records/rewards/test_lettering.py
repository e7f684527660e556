"""Codes: signs that cannot be mistaken, and a slip of the finger that is caught."""

from hypothesis import given
from hypothesis import strategies as st

from regulars.records.rewards.codes.lettering import (
    ALPHABET,
    BITS,
    code_of,
    folded,
    is_ours,
    meant,
    proof,
    shown,
)

DRAWN = st.integers(0, (1 << BITS) - 1)


def by_hand(code: str) -> int:
    """What proves a code, by the field's own table of powers: x^5 = x^2 + 1."""
    powers = [1]
    while len(powers) < 31:
        twice = powers[-1] * 2
        powers.append(twice - 32 ^ 5 if twice > 31 else twice)
    total = 0
    for place, sign in enumerate(code):
        value = ALPHABET.index(sign)
        if value:
            total ^= powers[(powers.index(value) + 15 - place) % 31]
    return total


def test_there_are_75_bits_and_no_sign_is_taken_for_another() -> None:
    assert BITS == 75
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert (code_of(0), code_of(1)) == ("0" * 16, "0" * 14 + "12")


@given(DRAWN)
def test_a_code_is_ours_and_proved_as_by_hand(drawn: int) -> None:
    code = code_of(drawn)
    assert is_ours(code)
    assert int("".join(f"{ALPHABET.index(sign):05b}" for sign in code[:-1]), 2) == drawn
    assert ALPHABET.index(code[-1]) == by_hand(code[:-1]) == ALPHABET.index(proof(code[:-1]))


@given(DRAWN, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_a_wrong_sign_is_noticed(drawn: int, place: int, sign: str) -> None:
    code = code_of(drawn)
    slipped = code[:place] + sign + code[place + 1 :]
    assert is_ours(slipped) == (slipped == code)


@given(DRAWN, st.integers(0, 14))
def test_neighbours_that_changed_places_are_noticed(drawn: int, place: int) -> None:
    code = code_of(drawn)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_ours(swapped) == (swapped == code)


@given(DRAWN)
def test_it_is_read_however_it_is_written(drawn: int) -> None:
    code = code_of(drawn)
    written = shown(code, "")
    assert [len(part) for part in written.split("-")] == [4, 4, 4, 4]
    assert folded(f" {written.lower()} ") == code
    assert meant(written.replace("0", "o").replace("1", "I")) == code
