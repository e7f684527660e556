-- Why members of a round were left out: how many, by the code of the refusal.
alter table adjustment_round add column left_out jsonb not null default '{}';
