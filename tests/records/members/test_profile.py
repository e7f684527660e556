"""What a member tells: any script, no tricks, nothing that cannot be kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from regulars.base.faults import Invalid
from regulars.records.members import profile

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (" Ada ", "Ada"),
        ("", ""),
        ("Jose\u0301", "José"),
        ("محمد", "محمد"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("O'Brien-Łukasz Jr.", "O'Brien-Łukasz Jr."),
        ("x" * 100, "x" * 100),
    ],
)
def test_a_name_is_kept_as_people_write_it(text: str, kept: str) -> None:
    assert profile.person_name(text, "/given_name") == kept


@pytest.mark.parametrize(
    "text", ["x" * 101, "x" * 100_000, "A\x00", "A\nB", "\ud800", "\u202eadA", "A\u2066"]
)
def test_a_name_that_cannot_be_printed_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        profile.person_name(text, "/given_name")
    assert refused.value.field == "/given_name"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("de", "de"),
        ("pt-br", "pt-BR"),
        ("EN_us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
    ],
)
def test_a_language_has_one_spelling(text: str, kept: str) -> None:
    assert profile.locale(text) == kept


@pytest.mark.parametrize("text", ["german", "d", "de-", "de-DEU", "de DE", "dé", "de\n"])
def test_what_is_no_language_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        profile.locale(text)
    assert refused.value.field == "/locale"


@pytest.mark.parametrize(
    "text", ["", "Europe/Berlin", "America/Argentina/Salta", "UTC", "Pacific/Apia"]
)
def test_a_zone_that_exists_is_kept(text: str) -> None:
    assert profile.zone(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Europe",
        "Mars/Olympus",
        "../etc/passwd",
        "/etc/passwd",
        "europe/berlin",
        "UTC\x00",
        "A" * 9_999,
    ],
)
def test_what_is_no_zone_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        profile.zone(text)
    assert refused.value.field == "/zone"


def test_attributes_are_yes_or_no_whole_numbers_and_short_texts() -> None:
    given = {"student": True, "shoe-size": 43, "debt": -(2**53 - 1), "milk": " oat "}
    assert profile.attributes(given) == given | {"milk": "oat"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"a": 2**53}, "/attributes/a"),
        ({"a": 10**5_000}, "/attributes/a"),
        ({"a": 1.0}, "/attributes/a"),
        ({"a": float("nan")}, "/attributes/a"),
        ({"a": None}, "/attributes/a"),
        ({"a": [1]}, "/attributes/a"),
        ({"a": "x" * 201}, "/attributes/a"),
        ({"a": "\x00"}, "/attributes/a"),
        ({"A": 1}, "/attributes"),
        ({"a--b": 1}, "/attributes"),
        ({"": 1}, "/attributes"),
        ({"a\n": 1}, "/attributes"),
        ({"x" * 41: 1}, "/attributes"),
        ({f"a{place}": 1 for place in range(51)}, "/attributes"),
    ],
)
def test_an_attribute_that_cannot_be_kept_is_refused(given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        profile.attributes(given)
    assert refused.value.field == field


def test_who_says_nothing_joined_now_and_an_offset_is_turned_to_utc() -> None:
    assert profile.joined_at(None, NOON) == NOON
    said = datetime(2026, 3, 2, 3, tzinfo=timezone(timedelta(hours=9)))
    assert profile.joined_at(said, NOON) == datetime(2026, 3, 1, 18, tzinfo=UTC)
    assert profile.joined_at(datetime(1970, 1, 1, tzinfo=UTC), NOON).year == 1970


@pytest.mark.parametrize(
    "said",
    [
        datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2026, 3, 3, 12, 0, 1, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(2026, 3, 1),  # noqa: DTZ001
    ],
)
def test_nobody_joined_before_1970_or_after_tomorrow(said: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        profile.joined_at(said, NOON)
    assert refused.value.field == "/joined_at"
