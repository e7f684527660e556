-- I101: What a partner told by an event has its line, a claim that met what was told stands for one line, and what
--   a partner answered is about a settled line, with a dispute where it disputes it.
-- Fails when: a sale a partner told gives nothing, one flight gives miles twice, or a dispute waits for nobody.
-- Do: run the event again in the console; look at claims and answers named here with the partner, and report it.
-- Counts: partner_answer
select a.program_id, a.arrival_id as id, 'booked for a partner, and no line is' as wrong
  from arrival a
 where a.state = 'booked' and a.code = 'partner' and not exists (
       select from arrival_partner_entry b
         join partner_entry e on e.program_id = b.program_id and e.entry_id = b.entry_id
        where b.program_id = a.program_id and b.arrival_id = a.arrival_id)
union all
select b.program_id, b.arrival_id, 'a line by an event that is not booked'
  from arrival_partner_entry b
  left join arrival a on a.program_id = b.program_id and a.arrival_id = b.arrival_id
 where a.state is distinct from 'booked'
union all
select m.program_id, m.claim_id, 'a claim stands for a line of somebody else'
  from partner_claim_match m
  left join partner_claim c on c.program_id = m.program_id and c.claim_id = m.claim_id
  left join partner_decision d on d.program_id = m.program_id and d.about_id = m.claim_id
  left join partner_entry e on e.program_id = m.program_id and e.entry_id = m.entry_id
 where c.partner_id is distinct from m.partner_id or e.partner_id is distinct from m.partner_id
    or e.kind is distinct from 'accrual' or d.entry_id is distinct from m.entry_id
union all
select m.program_id, m.claim_id, 'what it stands for was booked under that number, too'
  from partner_claim_match m
  join partner_entry e on e.program_id = m.program_id and e.partner_id = m.partner_id
                      and e.kind = 'accrual' and e.external_id = m.external_id
 where e.entry_id <> m.entry_id
union all
select a.program_id, a.entry_id, 'answered before it was settled, or disputed without a dispute'
  from partner_answer a
  left join partner_entry e on e.program_id = a.program_id and e.entry_id = a.entry_id
 where e.partner_id is distinct from a.partner_id
    or not exists (select from partner_settlement s
                    where s.program_id = e.program_id and s.partner_id = e.partner_id
                      and e.step > s.after_step and e.step <= s.to_step)
    or (a.answer = 'disputed' and not exists (
        select from partner_dispute t
         where t.program_id = a.program_id and t.entry_id = a.entry_id))
