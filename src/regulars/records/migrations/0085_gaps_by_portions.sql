-- Gaps between orders are counted by portions of members, once everybody's days are there.
alter table prepared_reach
    add column gaps_after uuid;                -- while gaps are counted: everybody's up to this one are
