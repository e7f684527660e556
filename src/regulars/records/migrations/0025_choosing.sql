-- What members chose of several things of which they have one, and rewards that are taken by
-- themselves (semantics G1, G2).

do $$
begin
    perform allow_also('midnight_step', 'step', array['take_automatic']);
    perform allow_also('parked_member', 'step', array['take_automatic']);
    perform allow_also('household_member', 'role', array['buyer']);
end $$;

-- What a buyer of a company may spend in a period, per wallet, where it is not as the program says.
alter table household_member add column limits jsonb not null default '{}';

-- ── rewards that are taken by themselves ────────────────────────────────────────────────────
-- Whom to look at: their balance reached the price of such a reward, or they owe again.
create table automatic_clock (
    program_id integer     not null,
    member_id  uuid        not null,
    due_at     timestamptz not null,
    primary key (program_id, member_id)
);
create index automatic_clock_due on automatic_clock (program_id, due_at);

-- ── choices ─────────────────────────────────────────────────────────────────────────────────
-- Which of several rewards or benefits under one word a member chose for a period; once each.
create table choice (
    program_id integer     not null,
    member_id  uuid        not null,
    choice_id  uuid        not null,
    word       text        not null,            -- `choose_one` of the program file
    period     integer     not null,            -- as counters count it; 0 for ever
    chosen     text        not null,            -- the reward or benefit, as in the file
    version    integer     not null,
    chosen_at  timestamptz not null,
    actor      text        not null,
    primary key (program_id, member_id, word, period)
);
create unique index choice_by_id on choice (program_id, choice_id);
create trigger only_personal before update on choice
    for each row execute function only_personal('actor');

create function erases_choices(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update choice set actor = shown_actor(actor, texts) where program_id = here and member_id = who;
    delete from automatic_clock where program_id = here and member_id = who;
$$;
revoke execute on function erases_choices(integer, uuid, timestamptz, text[], text[]) from public;

select never_change(array['choice']);
grant select, insert, update, delete on automatic_clock to regulars_app;
select fence(array['choice', 'automatic_clock']);
