-- Tiers given by hand, matched, or offered by an invitation.
-- Table: tier_grant
-- Delta: members
-- grant_id tgr: what was given
-- member_id mem: the member
-- kind text: granted, matched or invited
-- tier text: name of the tier in the program file
-- asks int?: credit that keeps it when its time is over
-- proof text: what was shown of a status elsewhere
-- answer_by instant?: until before when an invitation could be accepted
-- given_at instant: when it was given, or the member invited
-- actor text: who gave it
-- reason text: why
select grant_id, member_id, kind, tier, asks, proof, answer_by, given_at, actor, reason
  from tier_grant where program_id = $1
