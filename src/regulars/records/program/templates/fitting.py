"""A ready-made program made a shop's own: its name, its money, its place, and what it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.base.decimals import text_of, units
from regulars.base.money import decimals
from regulars.records.program.templates import load_template

FACTORS: Final[Mapping[str, int]] = {
    **dict.fromkeys(["CNY", "DKK", "EGP", "HKD", "ILS", "MAD", "MYR", "NOK", "PLN", "QAR"], 5),
    **dict.fromkeys(["AED", "BRL", "CZK", "MXN", "RON", "SAR", "SEK", "TND", "UAH", "ZAR"], 5),
    **dict.fromkeys(["MKD", "PHP", "RUB", "THB", "TRY", "TWD"], 50),
    **dict.fromkeys(["ALL", "BDT", "DZD", "INR", "ISK", "JPY", "KES", "NPR", "PKR", "RSD"], 100),
    **dict.fromkeys(["AMD", "HUF", "LKR", "XAF", "XOF"], 500),
    **dict.fromkeys(["CLP", "CRC", "IQD", "KRW", "NGN"], 1_000),
    **dict.fromkeys(["COP", "MMK", "PYG", "TZS", "UGX"], 5_000),
    **dict.fromkeys(["IDR", "UZS", "VND"], 20_000),
}
"""What 1.00 of the templates is, roughly and roundly, where a unit of money buys much less."""
QUARTERS: Final = (40, 20, 16, 10, 8, 5, 4, 2, 1)
"""For how much there is one point, in quarters of the usual; the last gives most."""
USUAL: Final = QUARTERS.index(4)
_MONEY: Final = re.compile(r"""(?<![\w.:-])(\d+)\.(\d{2})(?![\w.])""")
_MONEY_WITH_COMMA: Final = re.compile(r"""(?<![\w.,:-])(\d+),(\d{2})(?!\w|[.,]\d)""")
_TOLD: Final = "translations:"
_TOLD_IN: Final = re.compile(r"  (\w+):")
WITH_COMMA: Final = frozenset(("de", "tr"))
"""Languages that write `5,00`."""
_NO_MONEY: Final = re.compile(r"""\bby: "?$""")
_FINE: Final = 6
_STALE: Final = re.compile(r"\A(#.*\n)+|^ +# .*percent.*\n", re.MULTILINE)
"""Comments about the numbers of the template, which are others now."""
_POINTS: Final = re.compile(r"""\b(points|is: \[.*): "?$""")
_UNIT: Final = re.compile(
    r"\b(each full|each|Each|je|Jedes|Her|her|لكل|كل) "
    r"(euro|pound|dollar|Euro|Pfund|Dollar|avro|sterlin|dolar|يورو|جنيه|دولار)\b"
)
"""How templates name a unit of their own money in a sentence."""
_AWARD: Final = re.compile(
    r"""give: per_amount,\s*points: "?(?P<points>[\d.]+)"?,\s*per: "(?P<per>[\d.]+)\""""
)
_SCALE: Final = re.compile(
    r"^(    kind: (?:cashback|gift)\n(?:    .*\n)*?    scale: )\d$", re.MULTILINE
)
_ID: Final = re.compile(r"^  - id: (\S+)$", re.MULTILINE)


class Place(Struct, frozen=True):
    """Where a shop is: what its program has to say of money, time and language."""

    name: str
    currency: str
    zone: str
    country: str
    locale: str


class Rate(NamedTuple):
    """What the first rule gives: so many points for each so much money."""

    points: str
    per: str


def fitted(template: str, slug: str, place: Place) -> str:
    """The file of a ready-made program for this shop, every amount in its money.

    Order: an amount becomes so many times as much as the currency asks for, in sentences, examples
    and thresholds alike, so that every example earns what it says.
    Example: in yen `1 point for each 1.00` is `1 point for each 100`.
    Faults: NotFound for a name that no template has.
    """
    source = load_template(template)
    if f"\ncurrency: {place.currency}\n" not in source:
        source = _in_numbers(source)
    in_money = "kind: cashback" in source
    scale, factor = decimals(place.currency), FACTORS.get(place.currency, 1)

    def scaled(line: str, comma: bool) -> str:
        def one(found: re.Match[str]) -> str:
            before = line[: found.start()]
            if _NO_MONEY.search(before) or (not in_money and _POINTS.search(before)):
                return found[0]
            amount = units(f"{found[1]}.{found[2]}", 2)
            return _spelled(_written(amount * factor, scale), comma)

        return (_MONEY_WITH_COMMA if comma else _MONEY).sub(one, line)

    text = _line_by_line(source, scaled)
    text = _SCALE.sub(rf"\g<1>{scale}", text)
    said = {"program": slug, "name": _quoted(place.name), "currency": place.currency,
            "zone": place.zone, "country": place.country, "locale": place.locale}  # fmt: skip
    return "\n".join(_headed(line, said) for line in text.split("\n"))


def _line_by_line(source: str, change: Callable[[str, bool], str]) -> str:
    """The text with each line changed, by whether its language writes a comma in amounts."""
    lines, told, comma = [], False, False
    for line in source.split("\n"):
        told = told or line == _TOLD
        named = _TOLD_IN.fullmatch(line) if told else None
        comma = named[1] in WITH_COMMA if named else comma
        lines.append(change(line, comma))
    return "\n".join(lines)


def _in_numbers(source: str) -> str:
    """The text with the unit of its own money as a number: `for each euro` is `for each 1.00`."""
    return _line_by_line(
        source, lambda line, comma: _UNIT.sub(rf"\1 {_spelled('1.00', comma)}", line)
    )


def _spelled(number: str, comma: bool) -> str:
    return number.replace(".", ",") if comma else number


def _headed(line: str, said: Mapping[str, str]) -> str:
    """A line of the head with what this shop has there; every other line as it is."""
    field = line.partition(":")[0]
    return f"{field}: {said[field]}" if field in said else line


def rate_of(source: str) -> Rate | None:
    """What the first rule by amount gives; nothing for a program that gives by something else."""
    found = _AWARD.search(source)
    return Rate(found["points"], found["per"]) if found else None


def with_rate(source: str, place: int, currency: str) -> str:
    """The same program a step more or less generous: `place` is one of QUARTERS.

    Order: the amount changes that there is a point for, and with it the sentence of the rule.
    Example: two steps to the right of `1 point for each 1.00` is a point for each 0.25.
    """
    if place == USUAL or _AWARD.search(source) is None:
        return source
    source = _in_numbers(source)
    found = _AWARD.search(source)
    assert found is not None, source
    scale = decimals(currency)
    per = text_of(units(found["per"], scale) * QUARTERS[place] // 4, scale)
    words = (found["per"], per)
    if "kind: cashback" in source:
        words = (_percent(found["points"], found["per"]), _percent(found["points"], per))
    return _changed(source, found, per, words)


def _percent(points: str, per: str) -> str:
    share = units(points, _FINE) * 100 * 10**_FINE // units(per, _FINE)
    return text_of(share, _FINE).rstrip("0").rstrip(".")


def _changed(source: str, found: re.Match[str], per: str, words: tuple[str, str]) -> str:
    """The file with another amount in its award, and in each sentence about that rule."""
    start, end = found.span("per")
    rule = re.escape(_ID.findall(source, 0, start)[-1])
    text = f"{source[:start]}{per}{source[end:]}"
    said = rf"^  - id: {rule}\n    says: |rules\.{rule}\.says: |for each full |for each "

    def changed(text: str, comma: bool) -> str:
        before, after = (_spelled(one, comma) for one in words)
        says = rf"((?:{said}).*?)(?<![\d.,]){re.escape(before)}(?!\d|[.,]\d)"
        return re.sub(says, lambda one: one[1] + after, text, flags=re.MULTILINE)

    text = _line_by_line(
        changed(text, False), lambda line, comma: changed(line, True) if comma else line
    )
    return _STALE.sub("", text)


def _written(minor: int, scale: int) -> str:
    """An amount of hundredths with the decimals its currency has."""
    if scale >= 2:
        return text_of(minor * 10 ** (scale - 2), scale)
    assert minor % 10 ** (2 - scale) == 0, (minor, scale)
    return text_of(minor // 10 ** (2 - scale), scale)


def _quoted(name: str) -> str:
    """A name as YAML takes it, whatever stands in it."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
