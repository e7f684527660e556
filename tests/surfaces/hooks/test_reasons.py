"""Why an event did not arrive is said in the language of whoever reads it."""

import ast
from collections.abc import Iterator
from importlib.resources import files

import pytest

from regulars.records.outbox.hooks.rules import AWAY_REASON, GONE_REASON, MOST_TRIES
from regulars.surfaces.console.team.hook_reasons import reason_in_words
from regulars.surfaces.senders.hooks.courier import OUR_MISTAKE, _reason
from regulars.surfaces.senders.outgoing import client
from regulars.surfaces.senders.outgoing.client import Answer
from regulars.surfaces.ui.reader import Reader

OUTGOING = files("regulars.surfaces") / "senders" / "outgoing"
GERMAN, TURKISH, ARABIC = Reader("de"), Reader("tr"), Reader("ar")


def reasons() -> Iterator[str]:
    """Everything a try may say, with a number in its places."""
    for name in ("client", "guard"):
        for call in ast.walk(ast.parse((OUTGOING / f"{name}.py").read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("NoAnswer", "NotAllowed"):
                yield from (plain(one) for one in call.args if not isinstance(one, ast.Call))
    yield from (words for _, words in client._WORDS)
    yield from (client.NO_HTTP, client.BROKEN, client.SLOW_NAME, client.NO_ADDRESS, OUR_MISTAKE)
    yield from (AWAY_REASON, GONE_REASON)
    yield from (_reason(Answer(status, {}, b"")) for status in (302, 404, 500))


def plain(told: ast.expr) -> str:
    if isinstance(told, ast.JoinedStr):
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else "15" for one in told.values
        )
    return str(told.value if isinstance(told, ast.Constant) else getattr(client, ast.unparse(told)))


@pytest.mark.parametrize("text", sorted(set(reasons())))
def test_every_reason_is_said_in_the_language_of_its_reader(text: str) -> None:
    for reader in (GERMAN, TURKISH, ARABIC):
        assert reason_in_words(reader, text) != text
    assert reason_in_words(Reader("en"), text) == text


def test_a_reason_within_a_reason_is_said_too() -> None:
    told = f"tried {MOST_TRIES} times; the last time: not called: this is no whole address"
    assert reason_in_words(GERMAN, told) == (
        f"{MOST_TRIES}-mal versucht; beim letzten Mal: nicht angefragt: "
        "das ist keine vollständige Adresse"
    )
    assert reason_in_words(GERMAN, "nobody knows this") == "nobody knows this"
