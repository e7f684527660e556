-- Uses of benefits, with what was promised that day.
-- Table: benefit_use
-- Delta: members
-- use_id use: the use
-- member_id mem: the member
-- benefit text: name of the benefit in the program file
-- version int: version of the program
-- terms json: the benefit as it was promised, its worth and cost
-- grant_id grt?: what was granted by hand and used; nothing when it came with the tier
-- state text: used, undone, missed
-- store text: where
-- channel text: till, web, app
-- sku text: for which article
-- details json: what was told with it
-- actor text: who let it be used
-- used_at instant: when; of an appointment, when it was booked
-- undone_at instant?: when it was taken back, or said that nobody came
-- from_at instant?: of an appointment, when it begins
-- place int?: of an appointment, which of the places
-- came_at instant?: of an appointment, when it was said that somebody came
select use_id, member_id, benefit, version, terms, grant_id, state, store, channel, sku, details,
       actor, used_at, undone_at, from_at, place, came_at
  from benefit_use where program_id = $1
