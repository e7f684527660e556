-- Rewards taken, with what was promised that day.
-- Table: redemption
-- Delta: members
-- redemption_id red: the redemption
-- member_id mem: the member
-- reward text: name of the reward in the program file
-- version int: version of the program
-- terms json: the reward as it was promised
-- state text: held, captured, voided, lapsed, returned
-- store text: where
-- channel text: till, web, app
-- actor text: who handed it over
-- opened_at instant: when
-- lapses_at instant: until when it waited
-- closed_at instant?: when it ended
-- paid_for act?: the sale that names it among its payments
select redemption_id, member_id, reward, version, terms, state, store, channel, actor, opened_at,
       lapses_at, closed_at, paid_for
  from redemption where program_id = $1
