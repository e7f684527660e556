-- Budgets: what all members together may get from one rule, or into one wallet.

-- ── budgets ─────────────────────────────────────────────────────────────────────────────────
-- What all members together used of a rule's or a program's budget, per period.
create table budget (
    program_id integer  not null,
    budget     smallint not null,              -- its number in program_code, kind counter
    period     integer  not null,
    used       bigint   not null check (used >= 0),
    primary key (program_id, budget, period)
) with (fillfactor = 50);

create type budget_row as (budget smallint, period int, used bigint);

grant select, insert, update on budget to regulars_app;
alter table budget enable row level security;
alter table budget force row level security;
create policy own_program on budget to regulars_app using
    (program_id = (select current_setting('regulars.program_id')::integer));
create policy owner on budget to regulars_owner using (true);
