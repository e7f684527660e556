-- Everybody who collects, unregistered cards and pseudonyms of erased members included.
-- Table: member
-- Delta: members
-- member_id mem: the member
-- number text: loyalty number with its check digit
-- state text: active, unregistered, blocked, erased
-- given_name text: given name, empty when not told
-- family_name text: family name, empty when not told
-- locale text: language, such as de
-- zone text: time zone, such as Europe/Berlin
-- attributes json: what the shop knows and rules may ask
-- joined_at instant: when they joined
select member_id, number, state, given_name, family_name, locale, zone, attributes, joined_at
  from member where program_id = $1
