-- When somebody took part in a challenge, and which prizes of games they had elsewhere before.
select 'play' as what, p.member_id, p.part_id as id, p.challenge as kind, p.since as at,
       p.since as told_at, 0 as began_on, 0 as place
  from challenge_part p
 where p.program_id = $1 and p.since < $2
union all
select 'had', p.member_id, p.prize_id, p.game || ' ' || p.name, p.reached_at, c.opened_at,
       p.began_on, p.place
  from prize p
  join came_along c on c.program_id = p.program_id and c.about = p.prize_id and c.kind = 'prize'
 where p.program_id = $1 and c.opened_at < $2 and p.undone_at is null
   and p.game in ('challenge', 'streak')
