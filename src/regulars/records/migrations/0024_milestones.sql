-- Milestones: points as soon as so much came together, booked under a kind of their own.
-- Leaderboards: who has most, found by counters whose periods are below zero; no others pay for it.

do $$
begin
    perform allow_also('entry', 'kind', array['milestone']);
end $$;

create index counter_of_board on counter (program_id, counter, period, value desc, member_id)
    where period < 0;
