"""Log lines: readable on a terminal, JSON for machines, always on stderr."""

import io
import logging
import sys
from typing import Any, Final, TextIO

import structlog
import structlog.tracebacks
from structlog.typing import EventDict, ExcInfo, Processor

from regulars.runtime.installation.settings import Settings

_VALUES: Final = "DETAIL: "
"""Behind it the driver tells what PostgreSQL saw in the row: an address, a name."""


def _without_values(said: str) -> str:
    """The lines of a text but those that tell values; what failed stands in the others."""
    return "\n".join(line for line in said.split("\n") if not line.startswith(_VALUES))


def _shown(_: Any, __: str, told: EventDict) -> EventDict:
    """Exceptions for machines, without what they were about."""
    for one in _each(told.get("exception", [])):
        one["exc_value"] = _without_values(one["exc_value"])
    return told


def _each(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """These exceptions, and those that came together as one of them."""
    inner = [one for each in found for group in each["exceptions"] for one in _each(group)]
    return [*found, *inner]


def _plainly(out: TextIO, raised: ExcInfo) -> None:
    """Exceptions for people, likewise."""
    told = io.StringIO()
    structlog.dev.plain_traceback(told, raised)
    out.write(_without_values(told.getvalue()))


# Never the values of local variables: they hold people's data, and keys.
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def set_up_logs(settings: Settings, part: str) -> None:
    """Send this part's log lines to stderr in the form the settings ask for."""
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_stamps(), *_ending(settings)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(part=part)


def other_peoples_logs(settings: Settings) -> dict[str, Any]:
    """The same form for what libraries say through Python's own logging."""
    form = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _stamps(),
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_ending(settings),
        ],
    }
    stream = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "ours"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ours": form},
        "handlers": {"console": stream},
        "root": {"handlers": ["console"], "level": "WARNING"},
        # Whoever speaks no HTTP to us is told so, and is no news.
        "loggers": {"uvicorn.error": {"level": "ERROR"}},
    }


def _stamps() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _ending(settings: Settings) -> list[Processor]:
    if settings.log == "text" or (settings.log == "auto" and sys.stderr.isatty()):
        return [structlog.dev.ConsoleRenderer(exception_formatter=_plainly)]
    return [_TRACEBACKS, _shown, structlog.processors.JSONRenderer()]
