-- What members gathered towards tiers, milestones, leaderboards and draws; whoever brings all activities along
-- gathers it anew by them, and leaves this file out. Of erased members in the books alone.
-- Table: counter
-- Delta: members
-- member_id mem: the member
-- counter text: name of the counter
-- period int: number of the period
-- used int: how much
select c.member_id, n.name as counter, c.period, c.value as used
  from counter c
  join program_code n on n.program_id = c.program_id and n.kind = 'counter' and n.code = c.counter
 where c.program_id = $1 and c.value <> 0
   and split_part(n.name, ':', 1) in ('credit', 'came-back', 'milestone', 'milestone-given',
                                      'milestone-lapsed', 'board', 'draw')
   and not exists (select from erasure x
                    where x.program_id = c.program_id and x.member_id = c.member_id)
