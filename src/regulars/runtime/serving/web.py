"""The web server: one parent that holds the port and N workers that answer."""

import importlib
import logging.config
import os
import sys
from functools import partial
from typing import Any

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.logs import other_peoples_logs, set_up_logs
from regulars.runtime.supervising.lifeline import die_with_parent

DRAIN_S = 3
IDLE_S = 75
"""A connection is kept so long for the next request; proxies keep theirs shorter."""
MOST_AT_THE_DOOR = 1024


def load_app(parent: int, target: str) -> Any:
    """The application inside a worker, which lives no longer than the web server."""
    die_with_parent(parent)
    settings = read_settings(owner=False)
    set_up_logs(settings, "web")
    logging.config.dictConfig(other_peoples_logs(settings))
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name or "app")


def serve_web(settings: Settings, target: str) -> None:
    """Answer requests until told to stop, then finish those under way."""
    logging.config.dictConfig(other_peoples_logs(settings))
    config = config_of(settings, target, os.getpid())
    Multiprocess(config, sockets=[config.bind_socket()]).run()


def config_of(settings: Settings, target: str, parent: int) -> Config:
    """How a server is told to answer; whoever answers lives no longer than this parent."""
    return Config(
        partial(load_app, parent, target),
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http="regulars.runtime.serving.wire:Wire",
        ws="none",
        interface="asgi3",
        lifespan="on",
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        log_config=None,
        access_log=False,
        server_header=False,
        # Whose word about the caller counts is a setting of ours.
        proxy_headers=False,
        backlog=MOST_AT_THE_DOOR,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=DRAIN_S,
    )


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]))
    serve_web(read_settings(owner=False), sys.argv[1])
