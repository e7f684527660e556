"""Run by test_supervisor.py: serves the tiny application until told to stop."""

from regulars.runtime.cli.serving import prepare
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
            app="tiny_app:app",
        ),
    )
    print("stopped", flush=True)
