-- What was reserved and not taken in time is found by its end, also where nothing was paid for it;
-- what was won and not fetched, by whose it is.
create index redemption_lapsing on redemption (program_id, lapses_at) where state = 'held';
create index redemption_won on redemption (program_id, member_id)
    where state = 'held' and actor in ('game', 'draw');
