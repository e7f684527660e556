-- I2: Everything that is kept of a member is of one who exists.
-- Fails when: points or purchases lie with nobody and no screen shows them.
-- Do: restore the members named here from the last backup; Regulars deletes none, so report it.
-- Counts: member
with named as (
    select 'entry' as kept_in, program_id, member_id from entry group by program_id, member_id
    union all
    select 'activity', program_id, member_id from activity group by program_id, member_id
    union all
    select 'balance', program_id, member_id from balance group by program_id, member_id
    union all
    select 'counter', program_id, member_id from counter group by program_id, member_id
    union all
    select 'tier_move', program_id, member_id from tier_move group by program_id, member_id
    union all
    select 'redemption', program_id, member_id from redemption group by program_id, member_id
    union all
    select 'identifier', program_id, member_id from identifier group by program_id, member_id
    union all
    select 'outbox', program_id, member_id from outbox
     -- what became of the program and its promotions is told of nobody
     where type not like 'loyalty.pro%' group by program_id, member_id
    union all
    select 'reward_code', program_id, member_id from reward_code where member_id is not null
     group by program_id, member_id
    union all
    select 'once', program_id, member_id from once group by program_id, member_id
)
select kept_in, program_id, member_id
  from named n
 where (member_id <> '00000000-0000-0000-0000-000000000000'
        or kept_in not in ('activity', 'once'))
   and not exists (select from member m
                    where m.program_id = n.program_id and m.member_id = n.member_id)
