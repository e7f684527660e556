-- Whom to look at more closely when they are read: who was ever merged, and who was ever given a
-- tier by hand. Few are, so that everybody else is read in one short look (ADR 0270).

alter table standing add column tied boolean not null default false;

-- Once tied, for ever: a merge that was undone is still asked about.
create function ties() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
    who uuid[];
begin
    if tg_table_name = 'member_merge' then
        who := array[new.from_id, new.into_id];
    elsif tg_table_name = 'member_alias' then
        who := array[new.member_id, new.into_id];
    else
        who := array[new.member_id];
    end if;
    update standing set tied = true
     where program_id = new.program_id and member_id = any (who) and not tied;
    return null;
end $$;

create trigger ties after insert or update of into_id on member_alias
    for each row execute function ties();
create trigger ties after insert on member_merge for each row execute function ties();
create trigger ties after insert on tier_grant for each row execute function ties();

update standing s set tied = true
 where exists (select from member_alias a
                where a.program_id = s.program_id and s.member_id in (a.member_id, a.into_id))
    or exists (select from member_merge m
                where m.program_id = s.program_id and s.member_id in (m.from_id, m.into_id))
    or exists (select from tier_grant g
                where g.program_id = s.program_id and g.member_id = s.member_id);
