"""What the report on members' value and health calls its tables, columns and groups."""

from __future__ import annotations

from typing import Final

N: Final = str
"""Marks a text for the translators."""

UNTOLD: Final = N("not told: too few orders")
TITLE: Final = (
    N("Members' value and health"),
    N("Who is strong, steady, slipping or lost, and what they are expected to bring."),
)
TABLES: Final = {
    "by_health": N("By health"),
    "by_part": N("By part of expected value"),
    "by_chance": N("By the chance of an order within 90 days"),
    "value_by_tier": N("Value and health by tier"),
    "value_by_store": N("Value and health by store"),
    "rfm": N("How lately and how often (RFM)"),
    "nights": N("Value and health by time"),
    "reckoned": N("How it was reckoned"),
}
COLUMNS: Final = {
    "health": N("Health"),
    "worth_part": N("Part of all members"),
    "band": N("Chance"),
    "chance": N("Chance on average"),
    "worth_minor": N("Expected of twelve months"),
    "worth_each": N("Expected of each"),
    "of_worth": N("Of what is expected"),
    "strong": N("Strong"),
    "steady": N("Steady"),
    "slipping": N("Slipping"),
    "lost": N("Lost"),
    "recency": N("How lately (5: latest)"),
    "frequency": N("How often (5: most)"),
    "on_night": N("Reckoned of"),
    "model": N("Model"),
    "worth_is": N("Expected as"),
    "orders_off": N("Orders off by, on the days that chose the model"),
    "money_off": N("Revenue of 90 days off by, on the same days"),
    "chances_off": N("Chances off by"),
    "picked": N("Said to slip, 90 days before"),
    "right": N("Of them did not order"),
    "interest": N("Interest in a year"),
}
GROUPS: Final = {
    "health": {
        "strong": N("strong: 75 % and more"),
        "steady": N("steady: 40 to 75 %"),
        "slipping": N("slipping: 10 to 40 %"),
        "lost": N("lost: less than 10 %"),
        "": UNTOLD,
    },
    "worth_part": {
        "top-tenth": N("the tenth worth most"),
        "upper": N("rest of the upper third"),
        "middle": N("middle third"),
        "lower": N("lower third"),
    },
    "worth_is": {"margin": N("margin"), "revenue": N("revenue")},
}
