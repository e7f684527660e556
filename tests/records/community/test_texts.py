"""What clubs, events and lessons say: in the shop's own language, whichever that is."""

from __future__ import annotations

from regulars.records.community.texts import ill_told


def test_the_shops_own_language_is_one_it_may_be_said_in() -> None:
    assert ill_told({"fr": "On se retrouve"}, "/says", "fr") is None
    assert ill_told({"fr": "On se retrouve", "de": "Wir treffen uns"}, "/says", "fr") is None


def test_a_language_that_nobody_here_reads_is_refused_with_its_place() -> None:
    wrong = ill_told({"de": "Wir treffen uns", "fr": "On se retrouve"}, "/says", "de")
    assert wrong is not None
    assert (wrong.place, "en, de" in wrong.says) == ("/says", True)
    missing = ill_told({"de": "Wir treffen uns"}, "/says", "fr")
    assert missing is not None
    assert missing.says.endswith("fr")
