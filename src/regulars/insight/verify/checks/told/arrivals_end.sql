-- I63: Every event another system sent is booked, waits, has nothing to book, or says why it is not; what was
--   booked for it is there, and each activity came by one event.
-- Fails when: a sale that was sent is lost, or counted twice.
-- Do: run the event again in the console; where its activity is missing, restore what is missing from a backup.
-- Counts: arrival
--
-- What a payment provider told of a subscription is a membership and no activity, what a partner told a line of its account (I100). A return that waits for its sale is no activity yet. Who was erased keeps the activity and loses the words.
select a.program_id, a.arrival_id, 'booked, and nothing is' as why
  from arrival a
 where a.state = 'booked' and a.code not in ('membership', 'partner', 'answer') and not exists (
       select from arrival_activity g
        where g.program_id = a.program_id and g.arrival_id = a.arrival_id)
union all
select a.program_id, a.arrival_id, 'not booked, and something is'
  from arrival a join arrival_activity g using (program_id, arrival_id)
 where a.state <> 'booked' and g.first   -- of a duplicate it says what told it first
   -- what came back of an order that is another by now than was booked, which somebody looks at
   and not (a.state = 'refused' and a.code in ('key_reused', 'invalid', 'member_erased'))
   and not g.activity_id = any(a.apart)   -- what was given back before it is booked anew
union all
select g.program_id, g.arrival_id, 'its activity is missing'
  from arrival_activity g
 where not exists (select from activity t
                    where t.program_id = g.program_id and t.activity_id = g.activity_id)
   and not exists (select from waiting_return w
                    where w.program_id = g.program_id and w.activity_id = g.activity_id)
union all
select a.program_id, a.arrival_id, 'nobody knows by what it came'
  from arrival a
 where not exists (select from inlet i
                    where i.program_id = a.program_id and i.inlet_id = a.inlet_id)
union all
select a.program_id, a.arrival_id, 'it says no reason'
  from arrival a where a.state in ('unfit', 'refused') and a.reason = ''
