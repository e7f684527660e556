-- Campaigns: what was said to whom, and how it ended.
-- Table: campaign
-- Delta: whole
-- code text: its code
-- name text: what it is called
-- segment text?: the code of its segment, while that is there
-- channel text: by which way first: email, sms, inbox, push or webhook
-- says json: by language what it says: about, text
-- held_percent int: so many of a hundred were written nothing
-- send_at instant?: not before
-- local int: 1 where by the clock of each member
-- state text: draft, checked, approved, queueing, sending, sent or stopped
-- made_at instant: when it was begun
-- made_by text: by whom
-- approved_at instant?: when it was released
-- approved_by text?: by whom
-- ended_at instant?: when it was over
-- instead json: further channels in their order, each with what it says there
-- event text: the code of the event it invites to, empty where to none
select c.code, c.name, s.code as segment, c.channel, c.says, c.held_percent, c.send_at,
       c.local::int as local, c.state, c.made_at, c.made_by, c.approved_at, c.approved_by, c.ended_at,
       c.instead, c.event
  from campaign c left join segment s using (program_id, segment_id)
 where c.program_id = $1 and c.journey_id is null
