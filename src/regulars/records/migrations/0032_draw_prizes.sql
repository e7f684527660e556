-- What winners of draws were given: booked in the transaction that draws (semantics H3).

-- ── prizes of draws ─────────────────────────────────────────────────────────────────────────
-- What was booked for a prize of a draw, or why it waits: nobody's prize is lost.
create table draw_prize (
    program_id    integer     not null,
    draw          text        not null,
    won           integer     not null check (won > 0), -- the how-manieth prize
    member_id     uuid        not null,          -- whoever won it stands under this one
    state         text        not null check (state in ('given', 'waiting')),
    why           text        not null,          -- the refusal for which it waits; '' once given
    wallet        integer,
    units         bigint      not null check (units >= 0),
    entry_id      uuid,
    reward        text        not null,          -- '' where it is points
    redemption_id uuid,
    booked_at     timestamptz not null,
    check ((state = 'waiting') = (why <> '')),
    check ((state = 'given') = (num_nonnulls(entry_id, redemption_id) = 1)),
    check ((reward = '') = (wallet is not null)),
    primary key (program_id, draw, won)
);
create unique index draw_prize_of_entry on draw_prize (program_id, entry_id)
    where entry_id is not null;
create unique index draw_prize_of_redemption on draw_prize (program_id, redemption_id)
    where redemption_id is not null;

create function only_given_once() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.state = 'waiting'
       and row(old.program_id, old.draw, old.won, old.wallet, old.units, old.reward)
           is not distinct from row(new.program_id, new.draw, new.won, new.wallet, new.units, new.reward)
    then
        return new;
    end if;
    raise exception 'a prize of a draw is given once'
        using errcode = 'restrict_violation';
end $$;
create trigger only_given_once before update or delete on draw_prize
    for each row execute function only_given_once();

grant select, insert, update on draw_prize to regulars_app;
select fence(array['draw_prize']);
