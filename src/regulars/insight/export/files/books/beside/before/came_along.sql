-- Things that were made in another installation and came along with an import; they stand in their own files too.
-- Table: came_along
-- Delta: whole
-- about uuid: the number of the thing
-- member_id mem: the member
-- kind text: choice, grant, membership, trial, friend_code, referral, friends, part, prize, team, place, taken, household, tier, spent
-- name text: the reward that was taken, the wallet that was spent from, empty for other kinds
-- at instant?: when it was last taken, or spent
-- units int?: how much was spent, in the wallet's smallest
-- import_id uuid: with which import it came
-- opened_at instant: when it came
select about, member_id, kind, name, at, units, import_id, opened_at
  from came_along where program_id = $1
