"""Bugs of experiments, and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_KINDS = "records/program/changes/experiments/types.py"
_KEEP = "flows/terms/experiments/keep_experiments.py"
_FILL = "flows/terms/experiments/fill_arms.py"
_READ = "insight/experiments/outcomes.py"
_LOOK = "insight/experiments/looking.py"
EXPERIMENTING = (
    Bug(
        "who is held out of one experiment is held out of the next",
        _KINDS,
        "blake2b(member_id.bytes, key=self.seed, digest_size=8)",
        "blake2b(member_id.bytes, digest_size=8)",
        "checks.experiments_chance",
    ),
    Bug(
        "every arm is as large as the next",
        _KINDS,
        "            place -= arm.parts\n",
        "            place -= sum(a.parts for a in self.arms) // len(self.arms)\n",
        "checks.experiments_chance",
    ),
    Bug(
        "what is compared changes under way",
        _KEEP,
        'if there.state != "draft" and fixed !=',
        'if there.state == "ended" and fixed !=',
        "checks.experiments_fixed",
    ),
    Bug(
        "an experiment that is over takes members",
        _FILL,
        'if now is None or now.state != "running":\n        return Filled',
        "if now is None:\n        return Filled",
        "checks.experiments_planned_end",
    ),
    Bug(
        "rules still find members in an arm when it is over",
        "records/program/changes/experiments/write.py",
        "nullif(m.derived - $3::text, '{}'::jsonb)",
        "m.derived",
        "checks.experiments_rules",
    ),
    Bug(
        "sales know nothing of arms",
        "records/standing/read.py",
        "       coalesce(m.attributes || m.derived, m.attributes)::text as attributes,\n"
        "       case when m.derived is not null then {valued} end as valued,\n"
        "       (select max",
        "       m.attributes::text as attributes,\n"
        "       case when m.derived is not null then {valued} end as valued,\n"
        "       (select max",
        "checks.experiments_rules",
    ),
    Bug(
        "the day somebody came into an arm counts whole",
        _READ,
        "and d.day > p.since and d.day < $6::date) a on true",
        "and d.day >= p.since and d.day < $6::date) a on true",
        "checks.experiments_whole_days",
    ),
    Bug(
        "today counts as if it were over",
        _READ,
        "and d.day > p.since and d.day < $6::date) a on true",
        "and d.day > p.since and d.day <= $6::date) a on true",
        "checks.experiments_whole_days",
    ),
    Bug(
        "two sales of a day are two orders",
        _READ,
        "select count(distinct d.day) filter (where d.orders > 0) as orders, "
        "sum(d.net_minor) as net\n"
        "         from member_day d\n"
        "        where d.program_id = $1::int and d.member_id = p.member_id\n"
        "          and d.day > p.since",
        "select sum(d.sales) as orders, sum(d.net_minor) as net\n"
        "         from member_day d\n"
        "        where d.program_id = $1::int and d.member_id = p.member_id\n"
        "          and d.day > p.since",
        "checks.experiments_whole_days",
    ),
    Bug(
        "arms out of proportion are looked at all the same",
        _LOOK,
        "effects = [] if alarm else",
        "effects = [] if False else",
        "checks.experiments_mismatch",
    ),
    Bug(
        "one stops at the interval of one look",
        _LOOK,
        'not each["always"]["low"] <= 0 <= each["always"]["high"]',
        'not each["once"]["low"] <= 0 <= each["once"]["high"]',
        "checks.experiments_often",
    ),
)


def _flows(test: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.terms.experiments import test_experiments

        from regulars.records.program.templates import load_template

        shop.begin(
            load_template("coffee-shop"),
            slug=f"p{os.getpid()}-{test.replace('_', '-')[:20].strip('-')}",
        )
        getattr(test_experiments, f"test_{test}")(shop)

    return check


def _rules(shop: Any) -> None:
    from tests.flows.terms.experiments import test_experiments

    def opened(source: str) -> Any:
        shop.begin(source, slug=f"p{os.getpid()}-arms")
        return shop

    test_experiments.test_rules_ask_for_the_arm_and_find_nobody_when_it_is_over(opened)


def _chance(_: Any) -> None:
    from tests.insight.experiments import test_looking

    test_looking.test_chance_keeps_to_the_parts_and_to_each_member()


def _whole_days(shop: Any) -> None:
    from tests.insight.experiments import test_outcomes

    from regulars.records.program.templates import load_template

    shop.begin(load_template("coffee-shop"), slug=f"p{os.getpid()}-days")
    test_outcomes.test_whole_days_since_are_counted_and_as_many_before(shop)


def _mismatch(_: Any) -> None:
    import numpy as np
    from tests.insight.experiments import test_looking as looks

    looks.test_arms_out_of_proportion_say_nothing_of_effects(looks.World(np.random.default_rng(8)))


def _often(_: Any) -> None:
    import numpy as np
    from tests.insight.experiments import test_looking as looks

    looks.test_whoever_looks_every_day_is_wrong_no_oftener(looks.World(np.random.default_rng(5)))


ALONE: Final[dict[str, Callable[[Any], None]]] = {
    "experiments_chance": _chance,
    "experiments_fixed": _flows("what_is_compared_stays_as_it_began"),
    "experiments_planned_end": _flows("the_planned_end_comes_by_itself"),
    "experiments_rules": _rules,
    "experiments_whole_days": _whole_days,
    "experiments_mismatch": _mismatch,
    "experiments_often": _often,
}
