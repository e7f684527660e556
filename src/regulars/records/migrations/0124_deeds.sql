-- Who did something of a kind, and since when: segments ask it of everybody (ADR 0853). Purchases,
-- which are most of what there is, pay nothing for it: of them prepared rows tell.
create index activity_deed on activity (program_id, kind, occurred_at) include (member_id)
    where kind <> 'purchase';
