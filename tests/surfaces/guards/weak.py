"""What is weak about an answer that a browser gets over TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx

A_YEAR_S = 365 * 86_400
NONE = ("object-src", "base-uri", "frame-ancestors")
_INLINE = re.compile(r"<style|\son[a-z]+=|\sstyle=|javascript:", re.I)
_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")", re.I)


def weaknesses(answer: httpx.Response, *, personal: bool) -> list[str]:
    """Everything that is wrong with its headers, its cookies and what runs in it."""
    found = [*_policy(answer), *_headers(answer), *_cookies(answer)]
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    if personal and answer.headers.get("cache-control") != "no-store":
        found.append("others may keep a personal page")
    if answer.headers.get("content-type", "").startswith("text/html"):
        found += _INLINE.findall(_plain(answer.text)) + _SCRIPT.findall(answer.text)
    return found


def _policy(answer: httpx.Response) -> Iterator[str]:
    policy = answer.headers.get("content-security-policy", "")
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    for name in NONE:
        if rules.get(name) != "'none'":
            yield f"{name} is not 'none'"
    for name in ("default-src", "script-src", "style-src", "form-action"):
        if not set(rules.get(name, "*").split()) <= {"'none'", "'self'"}:
            yield f"{name} lets others in"
    if "unsafe" in policy:
        yield "what is written into a page runs"


def _headers(answer: httpx.Response) -> Iterator[str]:
    said = answer.headers
    age = re.fullmatch(r"max-age=(\d+)(; .*)?", said.get("strict-transport-security", ""))
    if age is None or int(age[1]) < A_YEAR_S:
        yield "it may come without TLS next time"
    if said.get("x-content-type-options") != "nosniff":
        yield "its kind is guessed"
    if said.get("referrer-policy") not in ("same-origin", "no-referrer"):
        yield "others learn its address"
    if said.get("cross-origin-opener-policy") != "same-origin":
        yield "whoever opened it holds it"


def _cookies(answer: httpx.Response) -> Iterator[str]:
    for line in answer.headers.get_list("set-cookie"):
        name, *flags = (part.strip().lower() for part in line.split(";"))
        if not name.startswith("__host-"):
            yield f"{name}: a neighbour may plant it"
        if not {"secure", "httponly", "path=/"} <= set(flags):
            yield f"{name}: scripts, other paths or plain HTTP get it"
        if not {"samesite=lax", "samesite=strict"} & set(flags):
            yield f"{name}: other sites send it along"
        if any(flag.startswith("domain") for flag in flags):
            yield f"{name}: names below get it"


def _plain(text: str) -> str:
    """The page without what people wrote between its tags."""
    return "".join(re.findall(r"<[a-zA-Z][^>]*>", text))
