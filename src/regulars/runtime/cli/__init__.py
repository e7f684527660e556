"""The `regulars` command: each file in this folder adds its verbs by a function `register`."""

import importlib
import pkgutil
import sys

import typer
from rich.console import Console

from regulars.runtime.problems import SetupProblem


def build_command() -> typer.Typer:
    """The whole command line, put together from the files of this folder."""
    command = typer.Typer(
        name="regulars",
        help="A loyalty program you run yourself.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for found in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{found.name}").register(command)
    return command


def main() -> None:
    """Run one verb; what is wrong with the set-up is told with what to do about it."""
    try:
        build_command()()
    except SetupProblem as problem:
        console = Console(stderr=True)
        console.print(problem.what, style="bold red", markup=False, highlight=False)
        console.print(problem.remedy, markup=False, highlight=False)
        sys.exit(1)
