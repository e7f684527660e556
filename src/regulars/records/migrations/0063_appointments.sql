-- A benefit may be used at a time that was booked, and with guests (semantics G2).
--
-- What was promised of the time stands in the terms of the use; here it stands once more, so that who
-- is there at a time is found, and no place is given twice.
alter table benefit_use add column from_at timestamptz, add column place integer;
alter table benefit_use add constraint benefit_use_booked_whole
    check ((from_at is null) = (place is null)) not valid;

-- Nobody came, and the use counts all the same.
alter table benefit_use drop constraint benefit_use_state_check;
alter table benefit_use add constraint benefit_use_state_check
    check (state in ('used', 'undone', 'missed')) not valid;
alter table benefit_use drop constraint benefit_use_check;
alter table benefit_use add constraint benefit_use_check
    check ((state = 'used') = (undone_at is null)) not valid;

-- A place at a time in a store is one person's (or that of who came with guests: the places that
-- follow are counted under a lock, and `verify` counts them again).
create unique index benefit_use_booked on benefit_use (program_id, benefit, store, from_at, place)
    where from_at is not null and state = 'used';
