-- A chain that is broken is left alone, and the others go on: from which transaction on each of
-- those has to be looked at anew once people have put it right.
alter table seal_reach add column behind jsonb not null default '{}';
