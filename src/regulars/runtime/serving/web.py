"""The web server: one parent that holds the port and N workers that answer."""

import importlib
import os
import sys
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops, SSLProtocols
from granian.log import LogLevels
from granian.server import Server

from regulars.runtime.installation.settings import Settings, read_settings
from regulars.runtime.logs import other_peoples_logs, set_up_logs
from regulars.runtime.supervising.lifeline import die_with_parent

DRAIN_S = 3


def load_app(parent: int, target: str) -> Any:
    """The application inside a worker, which lives no longer than the web server."""
    die_with_parent(parent)
    set_up_logs(read_settings(owner=False), "web")
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name or "app")


def serve_web(settings: Settings, target: str) -> None:
    """Answer requests until told to stop, then finish those under way."""
    server = Server(
        target,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        loop=Loops.uvloop,
        # Proxies speak HTTP/1.1 to us; HTTP/2 here would only be a second thing to guard.
        http=HTTPModes.http1,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
        ssl_protocol_min=SSLProtocols.tls12,
        log_level=LogLevels.warning,
        log_dictconfig=other_peoples_logs(settings),
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=DRAIN_S,
    )
    server.serve(target_loader=partial(load_app, os.getpid()))


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]))
    serve_web(read_settings(owner=False), sys.argv[1])
