"""Verbs for whoever writes a program: begin from a template, check it, try it on a basket."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from regulars.runtime.cli.programs import planning

if TYPE_CHECKING:
    from regulars.engine.checking.cases import Trial, Tried
    from regulars.records.program.problems import Problem

console = Console(highlight=False, soft_wrap=True)
_ASK = "Paste what happened (YAML or JSON), then an empty line; an empty line alone ends."
_EXAMPLE = 'Such as: {kind: purchase, lines: [{sku: flat-white, category: coffee, amount: "3.90"}]}'

File = Annotated[str, typer.Argument(help="A program file; `-` reads what is piped in.")]
MaybeFile = Annotated[str, typer.Argument(help="A program file.")]
Template = Annotated[str, typer.Option(help="A ready-made program, such as coffee-shop.")]
Basket = Annotated[str, typer.Option(help="A file with what happened; `-` reads it from a pipe.")]
Tier = Annotated[str, typer.Option(help="Where the member stands beforehand.")]
Member = Annotated[
    list[str] | None, typer.Option(help="An attribute of the member, such as vegan=true.")
]
Plan = Annotated[
    list[str] | None, typer.Option(help="A paid plan of the member that runs, such as plus.")
]
Target = Annotated[str, typer.Argument(help="Where to write it; without, it is printed.")]


def register(command: typer.Typer) -> None:
    """Add `program check`, `program try` and `program new`."""
    verbs = typer.Typer(help="Write, check and try out a program.", no_args_is_help=True)
    verbs.command("check")(check)
    verbs.command("try")(try_out)
    verbs.command("new")(begin)
    planning.add(verbs)
    command.add_typer(verbs, name="program")


def check(file: File) -> None:
    """Say what is wrong with a program file, line by line, and run its examples."""
    from regulars.engine.checking.admission import look_over
    from regulars.records.program.problems import ProgramFault
    from regulars.records.program.reading import read

    try:
        reading = read(_read(file))
    except ProgramFault as fault:
        _show(file, fault.problems)
        raise typer.Exit(1) from None
    problems = look_over(reading)
    _show(file, problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)
    program = reading.program
    counts = f"{len(program.rules)} rules, {len(program.rewards)} rewards"
    console.print(f"{program.name}: {counts}; {len(program.cases)} examples hold.", markup=False)


def try_out(
    file: MaybeFile = "",
    template: Template = "",
    basket: Basket = "",
    tier: Tier = "",
    member: Member = None,
    plan: Plan = None,
) -> None:
    """Paste what happened and see what it earns, rule by rule; nothing is kept."""
    trial = _trial(file, template)
    known = {**dict(_attribute(pair) for pair in member or ()), **_runs(trial, plan or ())}

    def run(text: str | bytes) -> bool:
        return _run(trial, text, tier or None, known)

    if basket or not sys.stdin.isatty():
        if not run(_read(basket or "-")):
            raise typer.Exit(1)
        return
    for pasted in _pasted():
        run(pasted)


def begin(template: Template = "", target: Target = "") -> None:
    """Write a ready-made program to a file of your own; without a name, list what there is."""
    from regulars.base.faults import NotFound
    from regulars.records.program.templates import load_template, template_readme

    if not template:
        _list_templates()
        return
    try:
        text, told = load_template(template), template_readme(template)
    except NotFound as fault:
        raise _stop(fault.says) from None
    if not target:
        sys.stdout.write(text)
        return
    readme = f"{target.removesuffix('.yaml').removesuffix('.yml')}.README.md"
    for place in (target, readme):
        if Path(place).exists():
            raise _stop(f"{place} exists already; choose another name.")
    _write(target, text)
    _write(readme, told)
    console.print(f"Wrote {target}. Check it with `regulars program check {target}`.", markup=False)
    console.print(f"Wrote {readme}: what it promises, and what to change first.", markup=False)


def _list_templates() -> None:
    from regulars.records.program.templates import MEASURED, template_names, template_sentence

    for name in sorted(set(template_names()) - MEASURED):
        console.print(name, style="bold", markup=False)
        console.print(f"    {template_sentence(name)}", markup=False)
    console.print("Take one with `regulars program new --template NAME FILE`.", style="dim")


def _write(target: str, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with Path(target).open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise _stop(f"{target} exists already; choose another name.") from None
    except OSError as wrong:
        raise _stop(f"{target} cannot be written: {wrong.strerror}.") from None


def _trial(file: str, template: str) -> Trial:
    from regulars.base.faults import NotFound
    from regulars.engine.checking.admission import admit
    from regulars.engine.checking.cases import Trial
    from regulars.engine.compiling.compile import compile_program
    from regulars.records.program.problems import ProgramFault
    from regulars.records.program.templates import load_template

    if bool(file) == bool(template):
        raise _stop("Name a program file, or a ready-made one with --template NAME.")
    try:
        return Trial(
            compile_program(admit(_read(file) if file else load_template(template)).program)
        )
    except NotFound as fault:
        raise _stop(fault.says) from None
    except ProgramFault as fault:
        _show(file or template, fault.problems)
        raise typer.Exit(1) from None


def _run(
    trial: Trial, text: str | bytes, tier: str | None, member: Mapping[str, bool | int | str]
) -> bool:
    """Try one basket and print its trail; False when it could not be read."""
    from regulars.base.faults import Fault
    from regulars.records.program.parsing.nodes import parse

    tree = parse(text)
    if tree.problems:
        _show("what happened", tree.problems)
        return False
    given: Any = tree.value
    if not isinstance(given, dict):
        console.print(f"Write it as fields. {_EXAMPLE}", markup=False, style="red")
        return False
    if not {"at", "occurred_at"} & given.keys():
        given = {**given, "occurred_at": datetime.now(UTC).isoformat()}
    try:
        tried = trial.run(given, tier, member)
    except Fault as fault:
        where = f"{fault.field}: " if fault.field else ""
        console.print(f"{where}{fault.says}", markup=False, style="red")
        return False
    _tell(tried, tier)
    return True


def _tell(tried: Tried, tier: str | None) -> None:
    for sentence in tried.trail:
        whole = sentence.startswith("In all")
        console.print(f"  {sentence}", markup=False, style="bold" if whole else None)
    if tried.tier != tier:
        console.print(f"  Tier afterwards: {tried.tier}.", markup=False, style="bold")


def _pasted(ask: Callable[[], str] = input) -> Iterator[str]:
    """Each thing that is pasted, ended by an empty line; an empty line alone ends it all."""
    console.print(_ASK)
    console.print(_EXAMPLE, style="dim", markup=False)
    lines: list[str] = []
    while True:
        try:
            line = ask()
        except EOFError:
            line = ""
        if line.strip():
            lines.append(line)
        elif lines:
            yield "\n".join(lines)
            lines = []
        else:
            return


def _attribute(pair: str) -> tuple[str, bool | int | str]:
    """`vegan=true` as an attribute: switches and whole numbers are told apart from text."""
    name, equals, value = pair.partition("=")
    if not equals:
        raise _stop(f"{pair} is no attribute; write name=value.")
    if value in ("true", "false"):
        return name, value == "true"
    return name, int(value) if value.isascii() and value.isdigit() else value


def _runs(trial: Trial, plans: Sequence[str]) -> dict[str, str]:
    """What is known of a member of whom these plans of the program run."""
    from regulars.engine.compiling.asked import known_to_run

    there = [one.id for one in trial.program.plans]
    for plan in plans:
        if plan not in there:
            raise _stop(f"There is no plan {plan}; there are: {', '.join(there) or 'none'}.")
    return known_to_run(plans)


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as wrong:
        raise _stop(f"{file} cannot be read: {wrong.strerror}.") from None


def _show(file: str, problems: tuple[Problem, ...] | list[Problem]) -> None:
    """One line per problem as editors follow them, and below it what to do."""
    for problem in problems:
        style = "yellow" if problem.severity == "warning" else "red"
        console.print(
            f"{file}:{problem.line}:{problem.column}: {problem.severity}: {problem.what}"
            + (f" [{problem.code}]" if problem.code else ""),
            markup=False,
            style=style,
        )
        if problem.mend:
            console.print(f"    {problem.mend}", markup=False)


def _stop(says: str) -> typer.Exit:
    told = Console(stderr=True, highlight=False, soft_wrap=True)
    told.print(says, style="bold red", markup=False)
    return typer.Exit(2)
