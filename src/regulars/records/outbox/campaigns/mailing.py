"""How a letter looks: MJML made into HTML once for a million letters, its fields filled in each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any, Final

import mrml
from liquid.template import BoundTemplate

from regulars.base.languages import from_the_right
from regulars.records.outbox.campaigns.writing import (
    LARGEST_PAGE,
    UNREAD,
    Field,
    Unwritten,
    Wrong,
    environment,
    filled,
    parts_of,
    rendered,
    wrong_at,
)

BELOW: Final = "{{ letter.below }}"
_LINK: Final = "{{ letter.stop }}"
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_WRITTEN: Final = re.compile(r"\\u\{([0-9a-f]{1,5})\}")
_MEANS: Final = frozenset("<>&\"'{}%")
_FIRST: Final = 0xA000
"""Letters that no shop writes (Yi) stand in for tags of Liquid, as long as these: places stay."""
_OWN: Final = re.compile("[\ua000-\ua48c]")
_AT: Final = re.compile(r"at position (\d+)")
_PARTS: Final = frozenset(
    {
        "mj-button", "mj-column", "mj-divider", "mj-group", "mj-hero", "mj-image", "mj-section",
        "mj-spacer", "mj-table", "mj-text", "mj-wrapper",
    }
)  # fmt: skip
_WORDS: Final = frozenset(
    {
        "a", "b", "br", "em", "h1", "h2", "h3", "hr", "i", "li", "ol", "p", "s", "small", "span",
        "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    }
)  # fmt: skip
_EMPTY: Final = frozenset({"br", "hr"})
_ADDRESSES: Final = frozenset({"href", "src", "background-url"})
_GOOD: Final = re.compile(r"(https?:|mailto:|tel:|\{\{|#)", re.IGNORECASE)
_COLOURS: Final = re.compile(r"(^|-)(background-color|color|background-url)$")
_NIGHT: Final = """
@media (prefers-color-scheme: dark) {
  body, .sheet { background-color: #15171a !important; }
  .says div, .says a, .below div { color: #eceff1 !important; }
}"""
_HEAD: Final = """\
<mjml lang="{language}" dir="{direction}"><mj-head>
<mj-attributes><mj-all font-family="Helvetica, Arial, sans-serif" />
<mj-text font-size="16px" line-height="1.5" color="#1a1a1a" align="{align}" css-class="says" />
<mj-section direction="{direction}" padding="8px 0" /><mj-column direction="{direction}" />
</mj-attributes>
<mj-raw><meta name="color-scheme" content="{schemes}"></mj-raw>
<mj-style>.says a {{ color: inherit; }}{night}</mj-style>
</mj-head><mj-body width="600px" css-class="sheet" background-color="#ffffff">
"""
_FOOT: Final = f"""
<mj-section><mj-column><mj-divider border-width="1px" border-color="#c9ccd1" />
<mj-text font-size="13px" css-class="below">{BELOW}<br /><a href="{_LINK}">{_LINK}</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""
_SCORES: Final = """
<mj-section><mj-column><mj-table padding="8px" css-class="says" color="#1a1a1a"><tr>{cells}</tr>
</mj-table></mj-column></mj-section>"""
_SCORE: Final = (
    '<td style="padding:2px"><a href="{{{{ letter.survey }}}}&amp;score={score}" style="display:'
    "block;padding:9px 0;text-align:center;border:1px solid #767676;border-radius:4px;"
    'text-decoration:none;color:#1a1a1a">{score}</a></td>'
)
PLAIN: Final = (
    "<mj-section><mj-column><mj-text>{{ letter.text }}</mj-text></mj-column></mj-section>"
)
"""How a letter looks that has no looks of its own and asks for a score."""
_PREVIEW: Final = (
    '<div style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;'
    'overflow:hidden">{{ letter.preview }}</div>'
)
_LIQUID: Final = environment(page=True)


def wrong_with_page(text: str) -> Wrong | None:
    """The first thing wrong with the MJML of a letter, at its place, besides what Liquid finds.

    Shape: what stands in the body of MJML: sections with columns. Nothing of it is fetched, runs,
    or leads to anything but the web, a letter or a call.
    Example: `<mj-text>` outside of a column, `<script>`, `onclick` and `javascript:` are refused.
    """
    strange = _OWN.search(text)
    if strange is not None:
        return wrong_at(text, strange.start(), "this letter cannot be used here")
    reader = _Reader(_hidden(text)[0])
    if reader.wrong is not None:
        return wrong_at(text, reader.wrong[0], reader.wrong[1], reader.wrong[2])
    try:
        html = _html(text, "en")
    except OSError as why:
        return _unread(text, str(why))
    if html is None:
        mend = "Let every tag stand within a text, or around whole parts of a column"
        return Wrong(1, 1, "a tag of Liquid stands where MJML keeps nothing", mend)
    if len(html.encode()) > LARGEST_PAGE:
        return Wrong(1, 1, f"this becomes more than {LARGEST_PAGE} bytes", "say less")
    return None


def page(
    mjml: str,
    language: str,
    values: Mapping[str, Mapping[str, Any]],
    letter: Mapping[str, str],
    scale: tuple[int, int] | None = None,
) -> str:
    """The letter as HTML, with these values in it, each escaped. Raises: Unwritten.

    Shape: `letter` has `preview`, `below` and `stop`: what a list of letters shows beside the
    subject, why it came, and what ends it; and where a `scale` of scores stands below, `survey`,
    the address to which each adds its own.
    """
    try:
        template, parts = _page(mjml, language, scale)
    except (OSError, *UNREAD) as fault:
        raise Unwritten(type(fault).__name__) from None
    told = {**values, "letter": letter}
    whole = filled(parts, told, escaped=True, most=LARGEST_PAGE)
    return whole or rendered(template, told)


# A campaign writes the same few templates a million times.
@lru_cache(maxsize=128)
def _page(
    mjml: str, language: str, scale: tuple[int, int] | None
) -> tuple[BoundTemplate, tuple[str | Field, ...] | None]:
    html = _html(mjml, language, scale)
    if html is None:
        raise Unwritten("NoMjml")
    template = _LIQUID.from_string(html)
    return template, parts_of(template)


def _html(text: str, language: str, scale: tuple[int, int] | None = None) -> str | None:
    """The HTML of a letter with Liquid in it; nothing where MJML would lose some of it."""
    hidden, tags = _hidden(text)
    right = from_the_right(language)
    plain = not any(_COLOURS.search(name) for name in _Reader(hidden).named)
    head = _HEAD.format(
        language=language, direction="rtl" if right else "ltr", align="right" if right else "left",
        schemes="light dark" if plain else "light", night=_NIGHT if plain else "",
    )  # fmt: skip
    foot, foot_tags = _hidden(_scores(scale) + _FOOT, len(tags))
    html = mrml.to_html(head + hidden + foot, render_options=_BARE).content
    found = [ord(one[0]) - _FIRST for one in re.findall("([\ua000-\ua48c])\\1*", html)]
    if set(found) != set(range(len(tags) + len(foot_tags))):
        return None
    steering = [at for at in found if at < len(tags) and tags[at].startswith("{%")]
    if steering != [at for at, tag in enumerate(tags) if tag.startswith("{%")]:
        return None
    every = [*tags, *foot_tags]
    html = re.sub("([\ua000-\ua48c])\\1*", lambda one: every[ord(one[1]) - _FIRST], html)
    html = _WRITTEN.sub(_sign, html)
    return re.sub(r"(<body[^>]*>)", lambda one: one[1] + _PREVIEW, html, count=1)


def _scores(scale: tuple[int, int] | None) -> str:
    """Each score is a link of its own: it opens the page with that score chosen, and keeps nothing,
    as programs that look for harm open every address of a letter."""
    if scale is None:
        return ""
    cells = "".join(_SCORE.format(score=one) for one in range(scale[0], scale[1] + 1))
    return _SCORES.format(cells=cells)


# No font is fetched from anywhere: whoever opens a letter is not told of to anybody.
_BARE: Final = mrml.RenderOptions(disable_comments=False, fonts={})


def _sign(found: re.Match[str]) -> str:
    """What MJML's writer spells out in attributes, such as marks above Arabic letters."""
    sign = chr(int(found[1], 16))
    return found[0] if sign in _MEANS else sign


def _hidden(text: str, first: int = 0) -> tuple[str, list[str]]:
    """The text with something of the same length in place of each tag of Liquid; and these."""
    tags: list[str] = []

    def instead(found: re.Match[str]) -> str:
        tags.append(found[0])
        return chr(_FIRST + first + len(tags) - 1) * len(found[0])

    return _TAG.sub(instead, text), tags


def _unread(text: str, why: str) -> Wrong:
    """Where MJML cannot be read, as near as whoever reads it says."""
    hidden = _hidden(text)[0]
    found = _AT.search(why)
    before = len(_HEAD.format(language="en", direction="ltr", align="left", schemes="light dark",
                              night=_NIGHT).encode())  # fmt: skip
    place = 0 if found is None else max(int(found[1]) - before, 0)
    at = len(hidden.encode()[:place].decode("utf-8", "ignore"))
    says = re.sub(r" in root template.*", "", why)
    return wrong_at(text, min(at, len(text)), f"this is no MJML: {says}", "close what is opened")


class _Reader(HTMLParser):
    """Walks what is written: the first part that is not allowed, and every name of a colour."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.wrong: tuple[int, str, str] | None = None
        self.named: list[str] = []
        self._open: list[str] = []
        self._lines = [0]
        for line in text.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self.feed(text)
        self.close()
        if self._open:
            self._say(f"<{self._open[-1]}> is not closed", "close it")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look(tag, attrs)
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self._say(f"</{tag}> closes nothing", "close what was opened last")

    def handle_data(self, text: str) -> None:
        if not self._open and text.strip() and not _OWN.fullmatch(text.strip()[:1]):
            self._say("text stands outside of a section", "begin with <mj-section>")

    def handle_comment(self, _text: str) -> None:
        self._say("a comment would be sent to everybody", "leave it out")

    def handle_decl(self, _text: str) -> None:
        self._say("only what stands in the body is written here", "begin with <mj-section>")

    def handle_pi(self, _text: str) -> None:
        self._say("only what stands in the body is written here", "begin with <mj-section>")

    def unknown_decl(self, _text: str) -> None:
        self._say("only what stands in the body is written here", "begin with <mj-section>")

    def _look(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _PARTS | _WORDS:
            self._say(f"<{tag[:30]}> is not used here", f"use: {', '.join(sorted(_PARTS))}")
        if not self._open and tag not in ("mj-section", "mj-wrapper", "mj-hero"):
            self._say(f"<{tag[:30]}> stands in no section", "begin with <mj-section>")
        for name, value in attrs:
            self.named.append(name)
            said = (value or "").strip()
            if name.startswith("on") or (name == "style" and "url" in said):
                self._say(f"{name[:30]} is not used here", "leave it out")
            if name in _ADDRESSES and not (_GOOD.match(said) or _OWN.match(said)):
                self._say("this leads to no page", "write a whole address: https://…")

    def _say(self, says: str, mend: str) -> None:
        if self.wrong is None:
            line, sign = self.getpos()
            self.wrong = (self._lines[min(line, len(self._lines)) - 1] + sign, says, mend)
