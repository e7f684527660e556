-- Who did something of a kind, and since when: segments ask it of everybody (ADR 0853). Purchases,
-- which are most of what there is, pay nothing for it: of them prepared rows tell.
create index activity_deed on activity (program_id, kind, occurred_at) include (member_id)
    where kind <> 'purchase';

-- Whoever leaves a club, or comes back to it, is booked nothing for it: segments look at them all
-- the same.
create trigger touches_new after insert on club_place referencing new table as changed
    for each statement execute function touches_segments();
create trigger touches_both after update on club_place referencing new table as changed
    for each statement execute function touches_segments();
create trigger touches_old after delete on club_place referencing old table as changed
    for each statement execute function touches_segments();
