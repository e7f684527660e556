-- Milestones: points as soon as so much came together, booked under a kind of their own.

do $$
begin
    perform allow_also('entry', 'kind', array['milestone']);
end $$;
