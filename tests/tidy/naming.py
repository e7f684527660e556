"""Rules about names: a word that fits everything says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from tests.tidy.source import Offence, Rule, Source, identifiers, in_house, in_stages, words

BANNED = frozenset(
    {
        "util",
        "utils",
        "helper",
        "helpers",
        "manager",
        "managers",
        "service",
        "services",
        "handler",
        "handlers",
        "common",
        "misc",
        "data",
        "info",
        "process",
        "v2",
    }
)
FRESH = frozenset({"new_id", "new_number", "new_tier"})
"""Names where "new" is the point: the maker of a fresh id, or the name of a program's switch."""
THEIRS = frozenset({"data_received", "handle_data"})
"""Names that are not ours to choose: a library calls us by them."""
OTHER_WORDS_FOR_MEMBER = frozenset({"customer", "customers", "user", "users", "client", "clients"})


def empty_words(source: Source) -> Iterator[Offence]:
    for line, name in identifiers(source):
        if name in THEIRS:
            continue
        found = BANNED & set(words(name))
        if found:
            yield Offence(line, f"{name}: “{min(found)}” says nothing")
        elif name.lstrip("_").startswith("new_") and name.lstrip("_") not in FRESH:
            yield Offence(line, f"{name}: everything was new once; say what sets it apart")


def other_words_for_member(source: Source) -> Iterator[Offence]:
    for line, name in identifiers(source):
        if OTHER_WORDS_FOR_MEMBER & set(words(name)):
            yield Offence(line, f"{name}: the word is member")


RULES = (
    Rule(
        "no name that fits everything",
        in_house,
        empty_words,
        breaks=("class EntryManager: ...", "def f(new_lot): ...", "raw_data = 1"),
        keeps=("class Database: ...", "def f(new_id): ...", "newcomer = metadata = 1"),
    ),
    Rule(
        "a member is called a member",
        in_stages("base", "records", "engine", "flows", "insight"),
        other_words_for_member,
        breaks=("def greet(customer_id): ...", "class User: ..."),
        keeps=("def greet(member_id): ...", "usage = 1"),
    ),
)
