"""What the checks find in a program, and where in its file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from regulars.records.program.problems import Problem, ProgramFault
from regulars.records.program.reading import admit, problems_of, read
from regulars.records.program.templates import load_template, template_names

Edit = tuple[str | int, ...]


def small(**more: Any) -> dict[str, Any]:
    """A program in which everything that can be named is there and right."""
    give = {"give": "per_amount", "points": 1, "per": "1.00"}
    return {
        "regulars": 1,
        "program": "small",
        "name": "Small",
        "currency": "EUR",
        "zone": "Europe/Berlin",
        "wallets": {"points": {}, "status": {"kind": "status"}},
        "rules": [
            {"id": "base", "on": "purchase", "wallet": "points", "award": give},
            {"id": "credit", "on": "purchase", "wallet": "status", "award": give},
        ],
        "tiers": {"steps": [{"id": "silver", "at": 100}, {"id": "gold", "at": 500}]},
        "rewards": [{"id": "coffee", "name": "Coffee", "price": {"points": 100}, "worth": 3}],
        **more,
    }


def club(**said: Any) -> dict[str, Any]:
    """A ladder beside the tiers; what is said of `id`, `at` and `or_at` is of its second step."""
    own = {name: said.pop(name) for name in ("id", "at", "or_at") if name in said}
    steps = [{"id": "guest", "at": 1}, {"id": "friend", "at": 5, **own}]
    return {"club": {"measure": "visits", "steps": steps, **said}}


def either(asks: tuple[str | int, str | int]) -> dict[str, Any]:
    """A ladder of two steps by money or by visits, with what they ask of visits."""
    steps = [
        {"id": f"step-{at}", "at": at, "or_at": or_at}
        for at, or_at in zip((100, 500), asks, strict=True)
    ]
    return {"or_by": {"measure": "visits"}, "steps": steps}


def found(program: dict[str, Any]) -> list[Problem]:
    return problems_of(read(json.dumps(program)))


def edited(path: Edit, value: Any, whole: dict[str, Any] | None = None) -> dict[str, Any]:
    """The small program with one value set; a list grows when its end is named."""
    program = whole or small()
    spot: Any = program
    for step in path[:-1]:
        if isinstance(spot, dict) and step not in spot:
            spot[step] = {}
        spot = spot[step]
    last = path[-1]
    if isinstance(spot, list) and last == len(spot):
        spot.append(value)
    else:
        spot[last] = value
    return program


def rule(**more: Any) -> dict[str, Any]:
    one = {"id": "extra", "on": "purchase", "wallet": "points"}
    return {**one, "award": {"give": "fixed", "points": 5}, **more}


def test_a_right_program_has_no_findings() -> None:
    assert found(small()) == []


@pytest.mark.parametrize("name", template_names())
def test_every_template_is_admitted_without_a_warning(name: str) -> None:
    assert admit(load_template(name)).warnings == ()


def budget(**more: Any) -> dict[str, Any]:
    return {"id": "cap", "wallet": "points", "per": "day", "points": 10, **more}


BONUS = {"give": "fixed", "points": 5, "stage": "bonus"}


def table(values: list[str], points: Any = 1) -> dict[str, Any]:
    rows = [{"is": values, "points": points}]
    return {"give": "by_table", "of": "miles", "by": ["carrier", "fare"], "rows": rows}


ERRORS: list[tuple[Edit, Any, str, str]] = [
    # names
    (("zone",), "Europe/Berlln", "zone", "did you mean Europe/Berlin?"),
    (("currency",), "DEM", "currency", "no currency"),
    (("country",), "XX", "country", "no country"),
    (("locale",), "klingon-9", "locale", "no language"),
    (("rules", 0, "wallet"), "pionts", "rules[0].wallet", "did you mean points?"),
    (("rules", 0, "award", "qualifying"), "net", "rules[0].award.qualifying", "standard"),
    (("rules", 1, "id"), "base", "rules[1].id", "already taken, on line 1"),
    (("budgets",), [budget(wallet="pts")], "budgets[0].wallet", "did you mean points?"),
    (("budgets",), [budget(), budget(wallet="status")], "budgets[1].id", "already taken, on line"),
    (("rules", 0, "when"), {"if": "tier", "at_least": "sliver"}, "rules[0].when.at_least", "silv"),
    (("tiers", "qualifying"), "nett", "tiers.qualifying", "standard"),
    (("tiers", "steps", 1, "id"), "silver", "tiers.steps[1].id", "already taken"),
    (("rewards", 0, "price"), {"miles": 3}, "rewards[0].price.miles", "known: points, status"),
    (("rewards", 0, "tier"), "golden", "rewards[0].tier", "did you mean gold?"),
    (("cases",), [{"says": "x", "given": {}, "earns": {}}], "cases[0].given", "kind"),
    # groups and tables
    (
        ("rules",),
        [rule(id="a", group="g"), rule(id="b", group="g", award=BONUS)],
        "rules[1].group",
        "one stage",
    ),
    (("rules", 2), rule(award=table(["LH"])), "rules[2].award.rows[0].is", "one value for each"),
    # ends of their own
    (
        ("rules", 2),
        rule(ends_on="2027-01-06"),
        "rules[2].ends_on",
        "write `until_on: 2027-01-06`",
    ),
    (
        ("rules", 2),
        rule(ends_on="2027-01-06", until_on="2027-01-01", expiry={"after": "2 days"}),
        "rules[2].ends_on",
        "keep one",
    ),
    (("rules", 2), rule(wallet="status", expiry={"after": "2 days"}), "rules[2].expiry", "status"),
    (("rules", 2), rule(ends_on="2027-02-30", until_on="2027-01-01"), "rules[2].ends_on", "mend"),
    (
        ("wallets", "points", "expiry"),
        {"after": "6 months", "yearly_on": "13-01"},
        "wallets.points.expiry.yearly_on",
        "such as 03-31",
    ),
    (
        ("wallets", "points", "expiry"),
        {"after": "6 months", "yearly_on": "03-31", "round_up_to": "month"},
        "wallets.points.expiry.round_up_to",
        "remove",
    ),
    # numbers
    (("rules", 0, "award", "points"), "0.5", "rules[0].award.points", "this wallet has no dec"),
    (("rules", 0, "award", "points"), 0, "rules[0].award.points", "gives nothing"),
    (("rules", 0, "award", "per"), "1.005", "rules[0].award.per", "only 2 decimals"),
    (("rules", 2), rule(award={"give": "multiply", "by": "0.5"}), "rules[2].award.by", "1 or mo"),
    (("rules", 2), rule(limits=[{"per": "day"}]), "rules[2].limits[0]", "points or in times"),
    (
        ("rules", 2),
        rule(limits=[{"per": "day", "points": 1, "times": 1}]),
        "rules[2].limits[0]",
        "",
    ),
    (
        ("store_groups",),
        {"air": ["muc"], "travel": ["air", "rail"]},
        "store_groups.travel[0]",
        "name its stores",
    ),
    (("rules", 2), rule(cooldown={}), "rules[2].cooldown", "`hours:` and `days:`"),
    (
        ("rules", 2),
        rule(cooldown={"hours": 1, "days": 1}),
        "rules[2].cooldown",
        "`hours:` and `days:`",
    ),
    (("tiers", "steps", 1, "at"), 100, "tiers.steps[1].at", "more than the one before"),
    (("tiers", "or_by"), {"measure": "spend"}, "tiers.or_by", "count the same"),
    (("tiers", "or_by"), {"measure": "visits"}, "tiers.or_by", "add `or_at:`"),
    (("tiers", "or_by"), {"measure": "status"}, "tiers.or_by", "add `wallet:`"),
    (("tiers", "or_by"), {"measure": "activities"}, "tiers.or_by", "add `kinds: [review]`"),
    (("tiers", "or_by"), {"measure": "spend", "qualifying": "nett"}, "tiers.or_by", "standard"),
    (("tiers", "steps", 1, "or_at"), 20, "tiers.steps[1].or_at", "add `or_by:`"),
    (("tiers",), either((20, 10)), "tiers.steps[1].or_at", "more than the one before"),
    (("tiers",), either((0, 10)), "tiers.steps[0].or_at", "everybody's"),
    (("tiers",), either(("1.5", 10)), "tiers.steps[0].or_at", "no decimals"),
    (("ladders",), club(id="silver"), "ladders.club.steps[1].id", "another ladder already"),
    (("ladders",), club(id="guest"), "ladders.club.steps[1].id", "another ladder already"),
    (("ladders",), club(measure="friends"), "ladders.club.measure", "add `referral:`"),
    (
        ("ladders",),
        club(kinds=["visit", "friend-stayed"], measure="activities"),
        "ladders.club.kinds",
        "measure: friends",
    ),
    (("ladders",), club(at=1), "ladders.club.steps[1].at", "more than the one before"),
    (("ladders",), club(measure="status"), "ladders.club", "add `wallet:`"),
    (("ladders",), club(wallet="points"), "ladders.club.wallet", "measure: status"),
    (("ladders",), club(qualifying="nett"), "ladders.club.qualifying", "standard"),
    (("ladders",), club(or_by={"measure": "visits"}), "ladders.club.or_by", "count the same"),
    (("ladders",), club(or_at=3), "ladders.club.steps[1].or_at", "add `or_by:`"),
    (("tiers", "steps", 1, "at"), "500.001", "tiers.steps[1].at", "only 2 decimals"),
    (("rewards", 0, "worth"), "3.999", "rewards[0].worth", "only 2 decimals"),
    (("rules", 0, "from_on"), "2026-02-30", "rules[0].from_on", "no day"),
    (("rules", 2), rule(when={"if": "code"}), "rules[2].when", "`in:` and `of:`"),
    (("rules", 2), rule(when={"if": "code", "in": ["- "]}), "rules[2].when.in[0]", "letters"),
    (("rules", 2), rule(when={"if": "code", "of": "nothing"}), "rules[2].when.of", "no reward"),
    (("currencies",), {"EUR": [{"counts": 1}]}, "currencies.EUR", "own currency"),
    (("currencies",), {"USX": [{"counts": 1}]}, "currencies.USX", "did you mean"),
    (("currencies",), {"USD": [{"counts": 0}]}, "currencies.USD[0].counts", "more than 0"),
    (("currencies",), {"USD": [{"counts": "2000000"}]}, "currencies.USD[0].counts", "what 1 USD"),
    (("currencies",), {"USD": [{"counts": 1}, {"counts": 2}]}, "currencies.USD[1]", "from_on"),
    (
        ("currencies",),
        {"USD": [{"counts": 1, "from_on": "2026-02-01"}, {"counts": 2, "from_on": "2026-02-01"}]},
        "currencies.USD[1].from_on",
        "later than the one before",
    ),
    (
        ("rules", 2),
        rule(when={"if": "amount", "in_currency": {"USD": {"at_least": 1}}}),
        "rules[2].when.in_currency.USD",
        "add its rate",
    ),
    (("changeover",), {"worth_until_on": "2027-01-01"}, "changeover.worth_until_on", "worth: keep"),
    (
        ("changeover",),
        {"worth": "keep", "worth_until_on": "2027-02-30"},
        "changeover.worth_until_on",
        "no day",
    ),
    (
        ("ladders",),
        club(changeover={"worth": "keep"}),
        "ladders.club.changeover.worth",
        "of the program",
    ),
    # promises
    (("wallets", "points", "rounding"), {"carry": True, "mode": "ceil"}, "", "floor"),
    (("wallets", "points", "rounding"), {"carry": True, "scope": "line"}, "", "basket"),
    (("wallets", "status", "expiry"), {"after": "1 year"}, "wallets.status.expiry", "not expire"),
    (("wallets", "status", "negative"), "debt", "wallets.status.negative", "never spent"),
    (("tiers", "measure"), "status", "tiers", "add `wallet:`"),
    (("tiers", "wallet"), "status", "tiers.wallet", "measure: status"),
    (("rules", 0, "needs_base"), True, "rules[0].needs_base", "stage: bonus"),
    (("rewards", 0, "price"), {"status": 10}, "rewards[0].price.status", "never be spent"),
    (("rewards", 0, "price"), {"points": 0}, "rewards[0].price", "costs nothing"),
    (("rewards", 0, "price"), {}, "rewards[0].price", "costs nothing"),
    (("qualifying",), {}, "qualifying", "standard"),
]


@pytest.mark.parametrize(("path", "value", "where", "words"), ERRORS)
def test_an_error_names_its_place_and_the_way_out(
    path: Edit, value: Any, where: str, words: str
) -> None:
    errors = [p for p in found(edited(path, value)) if p.severity == "error"]
    assert errors
    assert any(p.path.startswith(where) and words in f"{p.says} {p.mend}" for p in errors), errors


def hours(begin: int, end: int) -> dict[str, Any]:
    return {"if": "hour", "from": begin, "until": end}


def every(*of: dict[str, Any]) -> dict[str, Any]:
    return {"if": "all", "of": list(of)}


def unless(that: dict[str, Any]) -> dict[str, Any]:
    return {"if": "not", "that": that}


MONDAY = {"if": "weekday", "in": ["mon"]}
TUESDAY = {"if": "weekday", "in": ["tue"]}
RICH = {"if": "amount", "at_least": "50.00"}
POOR = {"if": "amount", "at_most": "49.99"}
GOLD = {"if": "tier", "at_least": "gold"}
SILVER = {"if": "tier", "at_least": "silver"}
MAY = {"if": "dates", "from_on": "2026-05-01", "until_on": "2026-06-01"}
A_TUESDAY = {"if": "dates", "from_on": "2026-03-03", "until_on": "2026-03-04"}
APP = {"if": "channel", "in": ["app"]}
WEB = {"if": "channel", "in": ["web"]}


@pytest.mark.parametrize(
    ("when", "where"),
    [
        (every(MONDAY, TUESDAY), "rules[2].when.of[1]"),
        (every(RICH, POOR), "rules[2].when.of[1]"),
        (every(hours(8, 10), MONDAY, hours(10, 12)), "rules[2].when.of[2]"),
        (every(GOLD, unless(SILVER)), "rules[2].when.of[1]"),
        (every(APP, WEB), "rules[2].when.of[1]"),
        (every(APP, unless(APP)), "rules[2].when.of[1]"),
        (every(A_TUESDAY, MONDAY), "rules[2].when.of[1]"),
        (every(MAY, every(TUESDAY, A_TUESDAY)), "rules[2].when.of[1].of[1]"),
        ({"if": "any", "of": [every(MONDAY, TUESDAY), every(RICH, POOR)]}, "rules[2].when"),
        (every(MONDAY, {"if": "any", "of": [TUESDAY, every(RICH, POOR)]}), "rules[2].when.of[1]"),
        (unless({"if": "any", "of": [RICH, {"if": "amount", "at_least": 0}]}), "rules[2].when"),
        (hours(12, 10), "rules[2].when"),
        ({"if": "amount"}, "rules[2].when"),
        ({"if": "dates"}, "rules[2].when"),
    ],
)
def test_a_rule_that_can_never_fire_is_found(when: dict[str, Any], where: str) -> None:
    errors = [p for p in found(edited(("rules", 2), rule(when=when))) if p.severity == "error"]
    assert errors
    assert errors[0].path.startswith(where)


@pytest.mark.parametrize(
    "when",
    [
        every(MONDAY, unless(TUESDAY)),
        every(unless(GOLD), SILVER),
        every(MAY, TUESDAY),
        {"if": "any", "of": [MONDAY, TUESDAY]},
        every(unless(every(RICH, APP)), RICH, WEB),
        every(unless(A_TUESDAY), TUESDAY),
        every(*(unless(hours(n, n + 1)) for n in range(23))),
        every(*(unless(MAY if n % 2 else A_TUESDAY) for n in range(32))),
    ],
)
def test_a_rule_that_can_fire_is_left_alone(when: dict[str, Any]) -> None:
    assert found(edited(("rules", 2), rule(when=when))) == []


def test_a_rule_over_before_its_dates_condition_begins_is_found() -> None:
    late = rule(when=MAY, until_on="2026-05-01")
    assert [p.path for p in found(edited(("rules", 2), late))] == ["rules[2].when"]


def test_a_dead_alternative_is_a_warning() -> None:
    when = {"if": "any", "of": [MONDAY, every(MONDAY, TUESDAY)]}
    problems = found(edited(("rules", 2), rule(when=when)))
    assert [(p.path, p.severity) for p in problems] == [("rules[2].when.of[1]", "warning")]


def test_with_first_a_rule_behind_an_unconditional_one_never_comes_up() -> None:
    program = edited(("rules", 2), rule(), small(stacking={"base": "first"}))
    assert found(program) == []
    program["rules"] = [rule(id="always"), *program["rules"]]
    assert [p.path for p in found(program)] == ["rules[1]", "rules[3]"]


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("rules", 2), rule(on="visit", award={"give": "multiply", "by": 2}), "rules[2]"),
        (("rules", 2), rule(award={"give": "multiply", "by": 1}), "rules[2].award.by"),
        (("wallets", "stamps"), {"kind": "stamps"}, "wallets.stamps"),
        (("rewards", 0, "cost"), "4.00", "rewards[0].cost"),
        (("rules", 0, "limits"), [{"per": "ever", "points": 99}], "rewards[0].price.points"),
    ],
)
def test_what_is_odd_but_possible_is_a_warning(path: Edit, value: Any, where: str) -> None:
    assert [(p.path, p.severity) for p in found(edited(path, value))] == [(where, "warning")]


def test_multipliers_that_could_pass_64_bits_name_the_rule() -> None:
    program = small(stacking={"multipliers": "multiplicative"})
    for n in range(20):
        odd = {"give": "multiply", "by": f"1.{7 * n + 101}"}
        program["rules"].append(rule(id=f"m{n}", award=odd))
    problems = found(program)
    errors = [(p.path, p.severity) for p in problems if p.severity == "error"]
    assert errors == [("rules[0].award", "error")]
    assert [p.code for p in problems if p.severity == "warning"] == ["unbounded:m19"]
    assert '"base"' in problems[0].says


def test_a_problem_stands_on_its_line() -> None:
    text = load_template("coffee-shop").replace("wallet: stamps", "wallet: stamp")
    (problem,) = [p for p in problems_of(read(text)) if p.severity == "error"]
    assert text.splitlines()[problem.line - 1].strip() == "wallet: stamp"
    assert problem.column == text.splitlines()[problem.line - 1].index("stamp") + 1


def test_a_row_behind_one_that_fits_everything_is_only_a_warning() -> None:
    award = table(["*", "*"])
    award["rows"] += [{"is": ["LH", "J"], "points": 2}]
    (warned,) = found(edited(("rules", 2), rule(award=award)))
    assert (warned.severity, warned.path) == ("warning", "rules[2].award.rows[1]")


def test_a_group_of_one_and_a_priority_without_a_group_are_warnings() -> None:
    warned = found(edited(("rules", 2), rule(group="alone")))
    warned += found(edited(("rules", 2), rule(priority=3)))
    assert [(one.severity, one.path) for one in warned] == [
        ("warning", "rules[2].group"),
        ("warning", "rules[2].priority"),
    ]


def test_what_is_there_twice_is_told_with_both_lines_and_its_id() -> None:
    text = load_template("coffee-shop").replace("budgets:", "old:")
    cap = "  - {id: cap, wallet: points, per: day, points: 10}\n"
    lines = [*text.splitlines(), "budgets:", *(cap + cap.replace("points,", "stamps,")).split("\n")]
    (one,) = [p for p in problems_of(read("\n".join(lines))) if p.severity == "error"]
    first = lines.index("budgets:") + 2
    assert (one.line, one.path, one.where) == (first + 1, "budgets[1].id", "budgets.cap.id")
    assert one.what == f'budgets.cap.id: the id "cap" is already taken, on line {first}'


def test_a_problem_of_form_names_the_rule_by_its_id() -> None:
    with pytest.raises(ProgramFault) as refused:
        found(edited(("rules", 0, "limits"), [{"per": "month", "points": 5, "off": 1}]))
    (one,) = refused.value.problems
    assert (one.path, one.where) == ("rules[0].limits[0].off", "rules.base.limits[0].off")
