"""Log lines: readable on a terminal, JSON for machines, always on stderr."""

import logging
import sys

import structlog

from regulars.runtime.settings import Settings


def set_up_logs(settings: Settings, part: str) -> None:
    """Send this part's log lines to stderr in the form the settings ask for."""
    as_text = settings.log == "text" or (settings.log == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            *(
                [structlog.dev.ConsoleRenderer()]
                if as_text
                else [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(part=part)
