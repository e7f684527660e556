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
