"""Why a broker or a place with files cannot be read, for whoever connected it."""

from __future__ import annotations

from typing import Final

from regulars.surfaces.console.words import N

BROKERS: Final = (
    N("it does not let us in: the name, the password or its rights are wrong"),
    N("the certificate of its authority cannot be read"),
    N("this is no address of a broker"),
    N("its password is of another installation: enter it again"),
    N("no stream of JetStream keeps this subject; add one with this subject first"),
    N("it refuses what we ask for: our rights there, or how the stream is set up"),
    N("there is no such topic"),
    N("the broker deleted what was to be read next"),
)
FILES: Final = (
    N("it did not come whole within 15 minutes; make it smaller, or pack fewer days into it"),
    N(
        "its last line has no end and may be half a line; it is read once the file did not change "
        "for 15 minutes"
    ),
)
