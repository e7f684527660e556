-- A no that was said here after a yes was known stands above it, also where that yes carries a
-- later date: imports could date a yes up to a day ahead, and whoever took it back within that day
-- was written to as before (ADR 0957). The no is said once more, right after that yes, and who
-- listens is told of it.
create temporary table lost_no on commit drop as
select y.program_id, y.member_id, y.channel, y.changed_at + interval '1 microsecond' as changed_at,
       n.source, n.recorded_at
  from (select distinct on (program_id, member_id, channel) *
          from consent order by program_id, member_id, channel, changed_at desc) y
 cross join lateral (
       select o.source, o.recorded_at from consent o
        where o.program_id = y.program_id and o.member_id = y.member_id
          and o.channel = y.channel and o.state = 'withdrawn' and o.changed_at > y.recorded_at
        order by o.changed_at desc limit 1) n
 where y.state = 'given' and y.changed_at > y.recorded_at;

insert into consent (program_id, member_id, channel, changed_at, state, source, recorded_at)
select program_id, member_id, channel, changed_at, 'withdrawn', source, now() from lost_no;

-- Whoever said no and was merged since into somebody who had agreed was written to by their yes:
-- the no is said of who stays, unless they agreed once more after that.
create temporary table leaked on commit drop as
select distinct on (a.program_id, a.into_id, y.channel)
       a.program_id, a.into_id as member_id, y.channel,
       y.changed_at + interval '1 microsecond' as changed_at,
       'said by somebody who is the same person' as source, y.recorded_at
  from member_alias a
  join member_merge m on m.program_id = a.program_id and m.from_id = a.member_id
                     and m.unmerged_at is null
 cross join lateral (
       select distinct on (c.channel) c.channel, c.state from consent c
        where c.program_id = a.program_id and c.member_id = a.member_id
        order by c.channel, c.changed_at desc) n
 cross join lateral (
       select c.channel, c.state, c.changed_at, c.recorded_at from consent c
        where c.program_id = a.program_id and c.member_id = a.into_id and c.channel = n.channel
        order by c.changed_at desc limit 1) y
 where n.state = 'withdrawn' and y.state = 'given' and y.recorded_at <= m.merged_at
 order by a.program_id, a.into_id, y.channel;

insert into consent (program_id, member_id, channel, changed_at, state, source, recorded_at)
select program_id, member_id, channel, changed_at, 'withdrawn', source, now() from leaked;

-- An address that came along without a yes of its own is known since then, not before.
update identifier i set linked_at = m.merged_at
  from member_merge m
  join member_alias a on a.program_id = m.program_id and a.member_id = m.from_id
 where m.unmerged_at is null and i.program_id = m.program_id and i.member_id = a.into_id
   and i.kind in ('email', 'phone') and i.linked_at < m.merged_at
   and m.brought -> 'names' @> jsonb_build_array(jsonb_build_array(i.kind, i.value))
   and not exists (
       select from (
              select c.state, c.recorded_at from consent c
               where c.program_id = m.program_id and c.member_id = m.from_id
                 and c.channel = case i.kind when 'email' then 'email' else 'sms' end
               order by c.changed_at desc limit 1) said
        where said.state = 'given' and i.linked_at <= said.recorded_at);

-- Who is somebody else by now is told of as who they are.
delete from lost_no l using member_alias a
 where a.program_id = l.program_id and a.member_id = l.member_id;
insert into lost_no select * from leaked;

insert into outbox (program_id, outbox_id, member_id, sequence, type, payload, recorded_at)
select l.program_id,
       (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
        || substr(md5(l.member_id::text || l.channel || random()), 1, 3) || '8'
        || substr(md5(random() || l.channel), 1, 15))::uuid,
       l.member_id,
       s.version + row_number() over (partition by l.program_id, l.member_id order by l.channel),
       'consent.changed',
       jsonb_build_object('member_id', 'mem_' || replace(l.member_id::text, '-', ''),
                          'channel', l.channel, 'state', 'withdrawn',
                          'changed_at', to_char(l.changed_at at time zone 'UTC',
                                                'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
       now()
  from lost_no l
  join standing s using (program_id, member_id);

update standing s set version = s.version + l.many
  from (select program_id, member_id, count(*) as many from lost_no group by 1, 2) l
 where s.program_id = l.program_id and s.member_id = l.member_id;
