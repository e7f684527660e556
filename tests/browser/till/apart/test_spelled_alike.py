"""Telephones and digits are read alike by the till and by the server, wherever and however."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType
from playwright.sync_api import Browser

import regulars
from regulars.base.faults import Fault
from regulars.records.members.identify import normal_or_fault
from regulars.surfaces.till.typed import dialling, in_digits, meanings

pytestmark = pytest.mark.in_turns(2, 0)
PHONES = Path(regulars.__file__).parent / "surfaces/till/static/extra/typed/phones.js"
READS = """async ([source, asked]) => {
  const { international, joined } = await import(source);
  return asked.map(([typed, dialling]) => international(joined(typed), dialling));
}"""
PLAIN = """async ([source, signs]) => {
  const { inDigits } = await import(source);
  return signs.map((one) => inDigits(one));
}"""
KINDS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.UAN)


def source() -> str:
    return "data:text/javascript;base64," + b64encode(PHONES.read_bytes()).decode()


def spellings(number: PhoneNumber, country: str) -> set[str]:
    """How people of a country type a number, as its own library writes it for them."""
    world = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    home = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    abroad = phonenumbers.format_out_of_country_calling_number(number, country)
    spoken = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    bare = phonenumbers.national_significant_number(number)
    lead = phonenumbers.ndd_prefix_for_region(country, strip_non_digits=True) or ""
    code = str(number.country_code)
    return {
        world, home, abroad, spoken, bare, lead + bare, code + bare, f"+{code} ({lead}){bare}",
        f"tel:{world}", spoken.replace(" ", "\u00a0").replace("-", "\u2013"), f"\u202a{spoken}\u202c",
    }  # fmt: skip


def every_number() -> list[tuple[str, str, str]]:
    """Country, as it is typed there, and as the server keeps it."""
    found = []
    for country in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(country, kind)
            if number is None:
                continue
            for typed in sorted(spellings(number, country)):
                if (kept := on_the_server(typed, country)) is not None:
                    found.append((country, typed, kept))
    return found


def on_the_server(typed: str, country: str | None) -> str | None:
    """By which telephone the server looks for what was typed, if that is one."""
    for one in meanings(typed):
        if one.phone is not None:
            spelt = normal_or_fault("phone", one.phone, country)
            return None if isinstance(spelt, Fault) else spelt.value
    return None


def differ(page: Any, asked: list[tuple[str, str, str]], known: dict[str, Any]) -> list[Any]:
    told = [[typed, known[country]] for country, typed, _ in asked]
    here = page.evaluate(READS, [source(), told])
    return [(one, spelt) for one, spelt in zip(asked, here, strict=True) if spelt != one[2]]


def test_the_till_spells_the_telephones_of_every_country_as_the_server_does(
    browser: Browser,
) -> None:
    page = browser.new_page()
    asked = every_number()
    assert len(asked) > 3_000
    known = {country: dialling(country) for country in phonenumbers.SUPPORTED_REGIONS}
    assert differ(page, asked, known) == []
    # The control: with one nought for every country the differences are found.
    naive = {
        country: one and {**one, "abroad": "00", "before": "0", "becomes": ""}
        for country, one in known.items()
    }
    assert {"HU", "RU", "US"} <= {one[0] for one, _ in differ(page, asked, naive)}
    page.close()


def test_a_shop_without_a_country_guesses_none(browser: Browser) -> None:
    page = browser.new_page()
    said = page.evaluate(READS, [source(), [["030 901820", None], ["+49 30 901820", None]]])
    assert said == [None, "+4930901820"]
    assert on_the_server("030 901820", None) is None
    page.close()


def test_digits_of_every_script_are_digits(browser: Browser) -> None:
    signs = [chr(at) for at in range(0x110000) if unicodedata.category(chr(at)) == "Nd"]
    page = browser.new_page()
    here = page.evaluate(PLAIN, [source(), signs])
    assert len(signs) > 600
    known = [(sign, spelt) for sign, spelt in zip(signs, here, strict=True) if len(spelt) == 1]
    wrong = [one for one in known if one[1].isascii() and one[1] != in_digits(one[0])]
    assert wrong == []
    # A browser of another year knows a script more or less; those people write in are known.
    for typed in ("٠٥٠١٢٣٤٥٦٧", "۰۹۱۲", "०१२", "০১২", "๐๑๒", "０１２"):
        assert page.evaluate(PLAIN, [source(), [typed]]) == [in_digits(typed)], typed
        assert in_digits(typed).isascii()
    page.close()
