-- What members got for challenges and streaks.
-- Table: prize
-- Delta: members
-- member_id mem: the member
-- prize_id uuid: the prize
-- game text: challenge or streak
-- name text: which one, as in the program file
-- began_on int: first day of its period or streak, counted from 1 January of the year 1; 0 for none
-- place int: the how-manieth time in the period, or how long the streak was
-- version int: the version whose promise it is
-- deed_id act: what reached it
-- reached_at instant: when that happened
-- wallet text?: name of the wallet
-- units int: how many points
-- entry_id ent?: the entry that gave them
-- grant_id uuid?: the benefit that was granted
-- badge text: name of the badge, empty for none
-- given_at instant: when it was given
-- undone_at instant?: when it was taken back
-- undone_by ent?: the entry that took the points back
select p.member_id, p.prize_id, p.game, p.name, p.began_on, p.place, p.version, p.deed_id,
       p.reached_at, w.name as wallet, p.units, p.entry_id, p.grant_id, p.badge, p.given_at,
       p.undone_at, p.undone_by
  from prize p
  left join program_code w on w.program_id = p.program_id and w.kind = 'wallet' and w.code = p.wallet
 where p.program_id = $1
