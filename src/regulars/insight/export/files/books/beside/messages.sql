-- What lies in members' inboxes, and when it was shown to them.
-- Table: message
-- Delta: whole
-- Totals: points
-- message_id uuid: the message
-- member_id mem: the member
-- kind text: expiry_notice, idle_notice for want of activity, tier_notice or ladder_notice
-- wallet text?: name of the wallet in the program file
-- points int: how many points it tells of; of a tier_notice the credit missing to keep the tier
-- lapses_at instant: when they lapse, or the tier is lost, as it was when the message was written
-- recorded_at instant: when it was laid there
-- delivered_at instant?: when it was first shown
-- delivered_by text: who or what showed it
-- about text: the further ladder it is about
select m.message_id, m.member_id, m.kind, w.name as wallet, m.points, m.lapses_at, m.recorded_at,
       m.delivered_at, m.delivered_by, m.about
  from message m
  left join program_code w on w.program_id = m.program_id and w.kind = 'wallet' and w.code = m.wallet
 where m.program_id = $1
