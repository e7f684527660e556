"""Faults about benefits, their uses and grants."""

from tests.insight.verify.planting import ELSE, at, planted

BENEFITS = {
    "a use is forgotten": planted(
        at("delete from benefit_use", "benefit_use", "grant_id is null and state = 'used'"),
        "benefits_counted",
        "benefits_told",
    ),
    "a use that was taken back still counts": planted(
        """update counter set value = value + 1 from program_code c
            where c.program_id = counter.program_id and c.code = counter.counter
              and c.kind = 'counter' and c.name like 'benefit:%' and value > 0
              and counter.program_id = 1""",
        "benefits_counted",
    ),
    "more uses than granted": planted(
        """insert into benefit_use
           select program_id, member_id, uuidv7(), benefit, version, terms, grant_id, state, store,
                  channel, sku, details, actor, used_at, undone_at
             from benefit_use where grant_id is not null and program_id = 1""",
        "grants_fit",
        "benefits_told",
    ),
    "used after its end": planted(
        at(
            "update benefit_use set used_at = used_at + interval '2 years'",
            "benefit_use",
            "grant_id is not null",
        ),
        "grants_fit",
    ),
    "used on a grant that never was": planted(
        at(f"update benefit_use set grant_id = {ELSE}", "benefit_use", "grant_id is not null"),
        "grants_fit",
    ),
    "a use that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'benefit.used'"), "benefits_told"
    ),
}
