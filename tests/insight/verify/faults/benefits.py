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
    "more people than places": planted(
        at(
            """update benefit_use set terms = jsonb_set(terms, '{guests}', '7')""",
            "benefit_use",
            "from_at is not null and state = 'used'",
        ),
        "appointments_fit",
    ),
    "at another time than was promised": planted(
        at(
            "update benefit_use set from_at = from_at + interval '1 hour'",
            "benefit_use",
            "from_at is not null and state = 'used'",
        ),
        "appointments_fit",
    ),
    "a guest is not counted": planted(
        at(
            """update benefit_use set terms = jsonb_set(terms, '{times}', '1')""",
            "benefit_use",
            "(terms ->> 'times')::int > 1",
        ),
        "benefits_counted",
    ),
    "nobody was told of who did not come": planted(
        at("delete from outbox", "outbox", "type = 'benefit.missed'"), "benefits_told"
    ),
    "a use that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'benefit.used'"), "benefits_told"
    ),
}

CHOICES = {
    "another was chosen than was used": planted(
        "update choice set chosen = 'seal' where program_id = 1", "choices_hold"
    ),
    "something was chosen that is not offered": planted(
        "update choice set chosen = 'wrap' where program_id = 1", "choices_hold"
    ),
    "chosen for another year": planted(
        "update choice set period = period + 1 where program_id = 1", "choices_hold"
    ),
    "chosen twice": planted(
        """insert into choice
           select program_id, member_id, uuidv7(), word, period, 'seal', version,
                  chosen_at + interval '1 minute', actor
             from choice where program_id = 1""",
        "choices_hold",
        "choices_told",
    ),
    "what was given back stands beside the other": planted(
        """update benefit_use set state = 'used', undone_at = null
            where program_id = 1 and benefit = 'bow' and state = 'undone'""",
        "choices_hold",
        "benefits_counted",
        "benefits_told",
    ),
    "a choice that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'choice.made'"), "choices_told"
    ),
}
