"""Run by the crash tests: Regulars as `regulars serve` runs it, with the named application."""

import sys

from regulars.runtime.cli.serving import DUTIES, prepare
from regulars.runtime.installation.settings import read_settings
from regulars.runtime.logs import set_up_logs
from regulars.runtime.supervising.supervisor import Serving, serve

if __name__ == "__main__":
    settings = read_settings()
    set_up_logs(settings, "supervisor")
    serve(
        settings,
        Serving(
            prepare=lambda: prepare(settings),
            announce=lambda: print("up", flush=True),
            app=sys.argv[1],
            duties=DUTIES,
        ),
    )
