-- What a night's values came to stands beside its run (ADR 0721); who stands where as a day ended is
-- counted by portions of members (ADR 0722).

alter table value_run
    add column cuts jsonb;                     -- what values came to by each cut; of the last night only
alter table member_value
    add column tier text;                      -- where they stood that night, '' on none; null before 0721

alter table prepared_reach
    add column counting jsonb;                 -- while a day's end is counted: its day, up to whom, the sums
