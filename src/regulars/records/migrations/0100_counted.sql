-- What a change of tier was decided by is kept with it (ADR 0631). Of changes that are older nobody
-- knows: they have none, and what counts by now is said in its place.
alter table tier_move add column counted bigint;
