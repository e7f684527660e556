"""Log lines: readable on a terminal, JSON for machines, always on stderr."""

import logging
import sys
from typing import Any

import structlog
import structlog.tracebacks
from structlog.typing import Processor

from regulars.runtime.installation.settings import Settings

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
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [_TRACEBACKS, structlog.processors.JSONRenderer()]
