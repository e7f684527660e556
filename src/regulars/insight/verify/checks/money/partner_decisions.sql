-- I54: Claims and disputes are decided in time and once, and what was granted is booked.
-- Fails when: a member was promised points that never came, or a partner a correction.
-- Do: look at the claims and disputes named here with the partner; book what is missing by hand
--   (`regulars points`), and report it.
-- Counts: partner_decision
select d.program_id, d.about_id, d.decision, d.decided_at, d.entry_id, c.decide_by,
       'not as it was granted' as wrong
  from partner_decision d
  left join partner_claim c on c.program_id = d.program_id and c.claim_id = d.about_id
  left join partner_dispute t on t.program_id = d.program_id and t.dispute_id = d.about_id
  left join partner_entry e on e.program_id = d.program_id and e.entry_id = d.entry_id
 where (c.claim_id is null) = (t.dispute_id is null)
    or d.decided_at >= c.decide_by
    or (d.decision = 'granted' and c.claim_id is not null
        and (e.kind is distinct from 'accrual' or e.partner_id <> c.partner_id
             or ((e.units <> c.units or e.external_id <> c.external_id)
                 and not exists (select from partner_claim_match m
                                  where m.program_id = d.program_id and m.claim_id = d.about_id
                                    and m.entry_id = d.entry_id
                                    and m.external_id = e.external_id))))
    or (d.decision = 'granted' and t.dispute_id is not null
        and (e.kind is distinct from 'correction' or e.reverses <> t.entry_id))
