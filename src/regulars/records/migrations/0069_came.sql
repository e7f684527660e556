-- Somebody came to their appointment, as was said at a till on the day (ADR 0577).
alter table benefit_use add column came_at timestamptz;
alter table benefit_use add constraint benefit_use_came
    check (came_at is null or (from_at is not null and state <> 'missed')) not valid;

-- A use may be taken back, once, who came to it is said, and an erasure takes what is personal;
-- nothing else of it changes. That somebody came is taken back only by saying that nobody did.
create or replace function only_undone() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE'
       and to_jsonb(old) - '{state,undone_at,came_at,details,actor}'::text[]
           is not distinct from to_jsonb(new) - '{state,undone_at,came_at,details,actor}'::text[]
       and (old.state = new.state or old.state = 'used')
       and (old.came_at is not distinct from new.came_at
            or old.came_at is null and old.state = 'used' and new.state = 'used'
            or new.came_at is null and new.state in ('missed', 'undone'))
       and (to_jsonb(old) - '{state,undone_at,came_at}'::text[]
                is not distinct from to_jsonb(new) - '{state,undone_at,came_at}'::text[]
            or old.member_id::text = current_setting('regulars.erasing', true)
               and exists (select from erasure e where e.program_id = old.program_id
                                                   and e.member_id = old.member_id))
    then
        return new;
    end if;
    raise exception 'a use of a benefit may be undone, and nothing else of it changes'
        using errcode = 'restrict_violation';
end $$;
