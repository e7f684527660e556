"""Loyalty numbers: twelve digits that notice a slip of the finger."""

import random

import pytest

from regulars.records.members.number import LENGTH, check_digit, is_valid, with_check_digit


@pytest.mark.parametrize(
    ("digits", "digit"), [("572", "4"), ("11294", "6"), ("43881234567", "9"), ("", "0")]
)
def test_check_digit_agrees_with_published_examples(digits: str, digit: str) -> None:
    assert check_digit(digits) == digit
    assert check_digit(digits + digit) == "0"


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("57200000000", "572000000002"),
        ("10000000000", "100000000001"),
        ("12345678901", "123456789018"),
        ("99999999999", "999999999999"),
    ],
)
def test_a_number_is_eleven_digits_and_the_one_that_proves_them(digits: str, number: str) -> None:
    assert with_check_digit(digits) == number
    assert is_valid(number)


def some_numbers() -> list[str]:
    chance = random.Random(20)
    return [with_check_digit(str(chance.randrange(10**10, 10**11))) for _ in range(200)]


def test_every_single_wrong_digit_is_noticed() -> None:
    for number in some_numbers():
        for place in range(LENGTH):
            for digit in set("0123456789") - {number[place]}:
                assert not is_valid(number[:place] + digit + number[place + 1 :]), number


def test_every_swap_of_neighbours_is_noticed() -> None:
    swapped = 0
    for number in some_numbers():
        for place in range(LENGTH - 1):
            left, right = number[place], number[place + 1]
            if left != right:
                swapped += 1
                assert not is_valid(number[:place] + right + left + number[place + 2 :]), number
    assert swapped > 1_500


def test_the_swap_that_luhn_does_not_notice_is_noticed() -> None:
    def luhn(number: str) -> bool:
        doubled = (int(d) * (1 + place % 2) for place, d in enumerate(reversed(number)))
        return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0

    assert luhn("109000000009")
    assert luhn("190000000009")
    number = with_check_digit("10900000000")
    assert not is_valid("190" + number[3:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "57200000000",
        "5720000000020",
        "572 000000002",
        "٥٧٢٠٠٠٠٠٠٠٠٢",
        "５７２００００００００２",
        "57200000000²",
        "057200000009",
    ],
)
def test_what_is_not_twelve_plain_digits_is_no_number(text: str) -> None:
    assert not is_valid(text)


@pytest.mark.parametrize("digits", ["5720000000", "05720000000", "5720000000x"])
def test_a_number_is_never_made_from_something_else(digits: str) -> None:
    with pytest.raises(AssertionError):
        with_check_digit(digits)
