-- Uses of benefits, with what was promised that day.
-- Table: benefit_use
-- Delta: members
-- use_id use: the use
-- member_id mem: the member
-- benefit text: name of the benefit in the program file
-- version int: version of the program
-- terms json: the benefit as it was promised, its worth and cost
-- grant_id grt?: what was granted by hand and used; nothing when it came with the tier
-- state text: used, undone
-- store text: where
-- channel text: till, web, app
-- sku text: for which article
-- details json: what was told with it
-- actor text: who let it be used
-- used_at instant: when
-- undone_at instant?: when it was taken back
select use_id, member_id, benefit, version, terms, grant_id, state, store, channel, sku, details,
       actor, used_at, undone_at
  from benefit_use where program_id = $1
