-- A campaign that goes by several channels, each member by one of them, and messages that webhooks tell.

do $$
begin
    perform allow_also('campaign', 'channel', array['webhook']);
end $$;

-- ── by which channel ────────────────────────────────────────────────────────────────────────────
-- What is used for members who are not reached by the channel of a campaign, the first that reaches
-- them (ADR 0913): each with what it says there. How many each reached when it was looked at.
alter table campaign add column instead jsonb not null default '[]'
    check (jsonb_typeof(instead) = 'array' and jsonb_array_length(instead) <= 4);
alter table campaign add column reach jsonb check (jsonb_typeof(reach) = 'object');

-- To which event it invites, by its code; empty where to none.
alter table campaign add column event text not null default '';

-- By which of them it goes to this member; empty where the campaign has one for all.
alter table campaign_message add column channel text not null default '';
-- One channel may be away while others go on.
drop index campaign_message_due;
create index campaign_message_due on campaign_message (program_id, campaign_id, state, channel,
                                                       try_at)
    where state in ('waiting', 'sending');

-- What another system was told to say to somebody who is erased is not said any more.
create or replace function erases_free_texts(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    update outbox o set payload = o.payload - f.fields
      from (values ('member.blocked', array['reason']),
                   ('member.unblocked', array['reason']),
                   ('points.cancelled', array['reason']),
                   ('message.told', array['about', 'text', 'stop'])) as f (type, fields)
     where o.program_id = here and o.member_id = who and o.type = f.type
       and o.payload ?| f.fields
$$;

-- ── what each member bought ─────────────────────────────────────────────────────────────────────
-- Of each category and each article the days on which a member bought of it, as far as something of
-- that did not come back; worked out of the books some seconds behind (ADR 0914). In the order in
-- which a segment counts: of one good everybody, each with their days.
create table member_good (
    program_id integer not null,
    article    boolean not null,               -- of an article, by its sku; else of a category
    good       text    not null check (good <> ''),
    member_id  uuid    not null,
    day        date    not null,
    net_minor  bigint  not null,               -- what of it did not come back, whenever
    primary key (program_id, article, good, member_id, day) include (net_minor)
);
create index member_good_of on member_good (program_id, member_id, day);

-- How far these rows follow the books, as in `prepared_reach`.
create table goods_reach (
    program_id integer not null primary key,
    cluster    bigint  not null,
    zones      text    not null,
    below_tx   bigint  not null,
    after_id   uuid                            -- while all are folded: everybody up to this one is
) with (fillfactor = 70);

-- ── who comes on a plan, leaves it or changes it is looked at by segments ──────────────────────
create function touches_plans() returns trigger language plpgsql
set search_path = public, pg_temp as $$
begin
    insert into segment_touch (program_id, member_id)
    select distinct c.program_id, c.member_id
      from changed c join before b using (program_id, member_id, membership_id)
     where c.plan <> b.plan
       and exists (select from segment s where s.program_id = c.program_id)
        on conflict do nothing;
    return null;
end $$;
revoke execute on function touches_plans() from public;
create trigger touches_new after insert on membership_clock referencing new table as changed
    for each statement execute function touches_segments();
create trigger touches_old after delete on membership_clock referencing old table as changed
    for each statement execute function touches_segments();
create trigger touches_both after update on membership_clock
    referencing old table as before new table as changed
    for each statement execute function touches_plans();

grant select, insert, update, delete on member_good, goods_reach to regulars_app;
select fence(array['member_good', 'goods_reach']);
