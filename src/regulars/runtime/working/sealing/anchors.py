"""Places outside the database that are told of each checkpoint: a file, a web address."""

from __future__ import annotations

import asyncio
import os
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, Protocol

from regulars.records.seal.lines import LONGEST, Unreadable, checkpoint_of, line_of
from regulars.records.seal.types import Checkpoint, Signer, rightly_signed
from regulars.runtime.installation.settings import Settings

PATIENCE_S: Final = 5.0
MOST: Final = 100
"""Checkpoints that are told at once; in normal times there is one."""


class AnchorAway(Exception):
    """The place outside does not answer, or not with yes; tried again later."""


class Anchor(Protocol):
    """A place outside."""

    @property
    def name(self) -> str:
        """By which it is known from one start to the next."""

    async def tell(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Tell it; raises AnchorAway where that failed. Telling twice does no harm."""


class FileAnchor:
    """Adds a line per checkpoint to a file and waits until it is on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = name_of_file(path)

    async def tell(self, checkpoints: Sequence[Checkpoint]) -> None:
        try:
            await asyncio.to_thread(self._append, b"".join(line_of(c) + b"\n" for c in checkpoints))
        except OSError as why:
            raise AnchorAway(f"{self.path} cannot be written: {why.strerror}") from None

    def _append(self, lines: bytes) -> None:
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            # A power cut may have left half a line; what follows must begin one of its own.
            end = file.seek(0, os.SEEK_END)
            torn = end > 0 and os.pread(descriptor, 1, end - 1) != b"\n"
            whole = (b"\n" if torn else b"") + lines
            while whole:
                whole = whole[os.write(descriptor, whole) :]
            os.fsync(descriptor)


class WebAnchor:
    """Posts the checkpoints, a line each, with a signature over all of them."""

    def __init__(
        self, url: str, signer: Callable[[], Signer], patience_s: float = PATIENCE_S
    ) -> None:
        self.url = url
        self.name = name_of_url(url)
        self._signer = signer
        self._patience_s = patience_s

    async def tell(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Post the checkpoints, all in one request."""
        body = b"".join(line_of(each) + b"\n" for each in checkpoints)
        signer = self._signer()
        signature = b64encode(signer.sign(body)).decode("ascii")
        request = urllib.request.Request(  # noqa: S310  (settings allow http and https only)
            self.url,
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/jsonl",
                "Regulars-Signature": f"{signer.key_id} {signature}",
                "User-Agent": "regulars",
            },
        )
        try:
            # The whole exchange is bounded, also by one who answers a byte every few seconds.
            async with asyncio.timeout(3 * self._patience_s):
                await asyncio.to_thread(self._post, request)
        except (OSError, HTTPException, TimeoutError, ValueError) as why:
            raise AnchorAway(f"{self.name} did not take it: {why}") from None

    def _post(self, request: urllib.request.Request) -> None:
        # No proxy of the environment, no redirect: it goes where the settings say, or not at all.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
        with opener.open(request, timeout=self._patience_s) as answer:
            if not 200 <= answer.status < 300:
                raise OSError(f"it answered {answer.status}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as the refusal it is for us."""

    def redirect_request(self, *_: Any) -> None:
        return None


def newest_in(path: Path, signer: Signer) -> dict[int, Checkpoint]:
    """The largest checkpoint of each program that this file holds under a key of ours."""
    found: dict[int, Checkpoint] = {}
    if not path.exists():
        return found
    with path.open("rb") as file:
        # Enough for the last few thousand; a program that sold nothing for longer is not missed.
        file.seek(max(0, path.stat().st_size - 2_000 * LONGEST))
        for line in file.read().split(b"\n"):
            try:
                told = checkpoint_of(line)
            except Unreadable:
                continue
            known = found.get(told.program_id)
            if rightly_signed(told, signer) and (known is None or told.size > known.size):
                found[told.program_id] = told
    return found


def name_of_file(path: Path) -> str:
    """By which a file is known as a place."""
    return f"file {path}"


def name_of_url(url: str) -> str:
    """By which an address is known as a place: without the password that may stand in it."""
    return f"web {url.rpartition('@')[2]}"


def places(settings: Settings) -> list[str]:
    """The names of the places the settings name."""
    return [
        *([name_of_file(settings.anchor_file)] if settings.anchor_file else []),
        *([name_of_url(settings.anchor_url)] if settings.anchor_url else []),
    ]


def anchors(file: Path | None, url: str | None, signer: Callable[[], Signer]) -> list[Anchor]:
    """The places the settings name."""
    named: list[Anchor] = []
    if file is not None:
        named.append(FileAnchor(file))
    if url is not None:
        named.append(WebAnchor(url, signer))
    return named
