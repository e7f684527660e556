-- Benefits granted by hand.
-- Table: benefit_grant
-- Delta: members
-- grant_id grt: the grant
-- member_id mem: the member
-- benefit text: name of the benefit in the program file
-- times int: how often it can be used
-- from_at instant: from when
-- until_at instant?: until before when; nothing when it never ends
-- actor text: who granted it
-- reason text: why
select grant_id, member_id, benefit, times, from_at, until_at, actor, reason
  from benefit_grant where program_id = $1
