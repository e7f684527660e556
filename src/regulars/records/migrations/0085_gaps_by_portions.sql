-- Gaps between orders are counted by portions of members, once everybody's days are there.
alter table prepared_reach add column gaps_after uuid;   -- while they are: everybody's up to this one
