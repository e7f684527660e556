"""What the demo's program has beyond the café's: a pass, firms, friends, somebody who knows you."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

FILTER: Final = "daily-filter"
BARISTA: Final = "own-barista"
PASS: Final = "coffee-pass"
BEYOND: Final = f"""\
  - id: {FILTER}
    name: A filter coffee every day
    says: One each day, as long as the coffee pass runs
    plan: {PASS}
    allowance: {{times: 1, per: day}}
    worth: "2.80"
    cost: "0.60"
  - id: {BARISTA}
    name: A barista of your own
    says: Somebody here knows your order and keeps your table
    by: grant
    associate: {{grace: 1 month}}
plans:
  - id: {PASS}
    name: Coffee pass
    says: A filter coffee every day, and 20 points each month
    fee: "19.00"
    term: month
    trial: 14 days
    grace: 7 days
    pause: 2 months
    gives: {{wallet: points, points: 20}}
household:
  most_members: 12
  draws: head_first
  buyers: {{points: {{points: 200}}, per: month}}
referral:
  wallet: points
  referrer: {{points: 50, budget: {{per: month, points: 2000}}}}
  newcomer: {{points: 30, budget: {{per: month, points: 2000}}}}
  amount: "3.00"
  after: 14 days
  within: 30 days
  buys_within: 90 days
"""
"""What stands behind the benefits of the demo's web shop, in the same list at first."""
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        "rules.cake-twice.says": "1 Punkt mehr je 1,00 für Kuchen und Brot",
        "benefits.member-prices.name": "Mitgliederpreise",
        "benefits.member-prices.says": "Bohnen und Tassen im Webshop günstiger",
        "benefits.first-in-line.name": "Als Erste dran",
        "benefits.first-in-line.says": "Die Winterröstung, zwei Wochen vor allen anderen",
        f"benefits.{FILTER}.name": "Jeden Tag ein Filterkaffee",
        f"benefits.{FILTER}.says": "Einer am Tag, solange der Kaffeepass läuft",
        f"benefits.{BARISTA}.name": "Dein eigener Barista",
        f"benefits.{BARISTA}.says": "Jemand hier kennt deine Bestellung und hält deinen Tisch frei",
        f"plans.{PASS}.name": "Kaffeepass",
        f"plans.{PASS}.says": "Jeden Tag ein Filterkaffee und jeden Monat 20 Punkte",
    },
    "tr": {
        "rules.cake-twice.says": "Kek ve ekmekte her 1,00 için 1 puan daha",
        "benefits.member-prices.name": "Üyelere özel fiyatlar",
        "benefits.member-prices.says": "Çekirdek ve fincanlar web mağazasında daha ucuz",
        "benefits.first-in-line.name": "Önce siz",
        "benefits.first-in-line.says": "Kış kavrumu, herkesten iki hafta önce",
        f"benefits.{FILTER}.name": "Her gün bir filtre kahve",
        f"benefits.{FILTER}.says": "Kahve kartı sürdükçe günde bir tane",
        f"benefits.{BARISTA}.name": "Kendi baristanız",
        f"benefits.{BARISTA}.says": "Buradan biri ne içtiğinizi bilir, masanızı ayırır",
        f"plans.{PASS}.name": "Kahve kartı",
        f"plans.{PASS}.says": "Her gün bir filtre kahve ve her ay 20 puan",
    },
    "ar": {
        "rules.cake-twice.says": "نقطة إضافية لكل 1.00 من الكعك والخبز",
        "benefits.member-prices.name": "أسعار الأعضاء",
        "benefits.member-prices.says": "البن والأكواب بسعر أقل في متجر الويب",
        "benefits.first-in-line.name": "أنت أولًا",
        "benefits.first-in-line.says": "تحميصة الشتاء قبل الجميع بأسبوعين",
        f"benefits.{FILTER}.name": "قهوة مقطّرة كل يوم",
        f"benefits.{FILTER}.says": "واحدة في اليوم ما دامت بطاقة القهوة سارية",
        f"benefits.{BARISTA}.name": "باريستا خاص بك",
        f"benefits.{BARISTA}.says": "شخص هنا يعرف طلبك ويحجز لك طاولتك",
        f"plans.{PASS}.name": "بطاقة القهوة",
        f"plans.{PASS}.says": "قهوة مقطّرة كل يوم و20 نقطة كل شهر",
    },
}
"""What of the demo stands in no template, in the other languages."""


def with_more(source: str) -> str:
    """The program with all of this behind its end, and its words in the other languages.

    Order: `source` ends in a list of benefits, and its translations stand by language.
    """
    for language, words in _WORDS.items():
        told = "".join(f'    {place}: "{says}"\n' for place, says in words.items())
        source, found = re.subn(rf"(?m)^  {language}:\n", rf"\g<0>{told}", source)
        assert found == 1, language
    return source + BEYOND
