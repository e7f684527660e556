-- What members got for challenges, streaks, milestones and places on leaderboards.
-- Table: prize
-- Delta: members
-- member_id mem: the member
-- prize_id uuid: the prize
-- game text: challenge, streak, milestone or board
-- name text: which one, as in the program file
-- began_on int: first day of its period or streak, counted from 1 January of the year 1; 0 for none
-- place int: the how-manieth time in the period, how long the streak was, or which place of the board
-- version int: the version whose promise it is
-- deed_id act?: what reached it; nothing where it was a sum or a place
-- reached_at instant: when that happened
-- wallet text?: name of the wallet
-- units int: how many points
-- entry_id ent?: the entry that gave them
-- grant_id uuid?: the benefit that was granted
-- badge text: name of the badge, empty for none
-- given_at instant: when it was given
-- undone_at instant?: when it was taken back
-- undone_by ent?: the entry that took the points back
-- about text: of a board its store, of a milestone its step; else empty
-- reward text: the reward, as in the program file; empty where it is none
-- redemption_id red?: the redemption by which it was given
select p.member_id, p.prize_id, p.game, p.name, p.began_on, p.place, p.version, p.deed_id,
       p.reached_at, w.name as wallet, p.units, p.entry_id, p.grant_id, p.badge, p.given_at,
       p.undone_at, p.undone_by, p.about, p.reward, p.redemption_id
  from prize p
  left join program_code w on w.program_id = p.program_id and w.kind = 'wallet' and w.code = p.wallet
 where p.program_id = $1
