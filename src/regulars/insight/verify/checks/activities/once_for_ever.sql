-- I21, I22: Every receipt is kept once, can be recognised for ever, and stands for something that
--   is there.
-- Fails when: a file sent again would give points again, or an answer was given for nothing.
-- Do: stop the source named here until it is clear which of its receipts were kept twice; settle
--   what is double by an adjustment, and report it as a bug.
-- Counts: once
select program_id, min(activity_id::text)::uuid as id, source, external_id, kind,
       'kept ' || count(*) || ' times' as wrong
  from activity a
 where external_id <> ''
   -- What was taken back with its import may have come again.
   and not exists (select from import_undone u
                    where u.program_id = a.program_id and u.member_id = a.member_id
                      and u.made and u.state = 'undone')
   -- What was said to be another one's sale, given back, and then another one after all.
   and not exists (select from arrival_activity g
                     join arrival r on r.program_id = g.program_id and r.arrival_id = g.arrival_id
                    where g.program_id = a.program_id and g.activity_id = a.activity_id
                      and g.first and g.activity_id = any(r.apart))
   -- Whose next life was said to be another one's sale, and then another one after all: it was
   -- booked anew by the receipt of the order.
   and not exists (select from activity l
                     join arrival_activity g on g.program_id = l.program_id
                                            and g.activity_id = l.activity_id and g.first
                     join arrival r on r.program_id = g.program_id and r.arrival_id = g.arrival_id
                    where l.program_id = a.program_id and l.source = a.source and l.kind = a.kind
                      and l.external_id like '%~%'
                      and split_part(l.external_id, '~', 1) = a.external_id
                      and cardinality(r.apart) > 0)
 group by program_id, source, external_id, kind
having count(*) > 1
union all
select program_id, activity_id, source, external_id, kind, 'its key is missing'
  from activity a
 where external_id <> ''
   and not exists (select from once o
                    where o.program_id = a.program_id and o.subject_id = a.activity_id)
union all
select program_id, subject_id, null, null, null, 'the key stands for nothing'
  from once o
 where not exists (select from activity a
                    where a.program_id = o.program_id and a.activity_id = o.subject_id)
   -- The number of a program stands for a sandbox, which may have ended since.
   and not o.subject_id between '00000000-0000-0000-0000-000000000001'
                            and '00000000-0000-0000-0000-00007fffffff'
   and not exists (select from waiting_return w
                    where w.program_id = o.program_id and w.activity_id = o.subject_id)
   and not exists (select from member m
                    where m.program_id = o.program_id and m.member_id = o.subject_id)
   and not exists (select from redemption r
                    where r.program_id = o.program_id and r.redemption_id = o.subject_id)
   and not exists (select from entry e
                    where e.program_id = o.program_id and e.entry_id = o.subject_id)
   and not exists (select from message m
                    where m.program_id = o.program_id and m.message_id = o.subject_id)
   and not exists (select from member_merge g
                    where g.program_id = o.program_id and g.merge_id = o.subject_id)
   and not exists (select from household h
                    where h.program_id = o.program_id and h.household_id = o.subject_id)
   and not exists (select from benefit_use u
                    where u.program_id = o.program_id and u.use_id = o.subject_id)
   and not exists (select from benefit_grant g
                    where g.program_id = o.program_id and g.grant_id = o.subject_id)
   and not exists (select from reward_code c
                    where c.program_id = o.program_id and c.code_id = o.subject_id)
   and not exists (select from code_run u
                    where u.program_id = o.program_id and u.run_id = o.subject_id)
   and not exists (select from tier_grant t
                    where t.program_id = o.program_id and t.grant_id = o.subject_id)
   and not exists (select from referral f
                    where f.program_id = o.program_id and f.referral_id = o.subject_id)
   and not exists (select from challenge_part p
                    where p.program_id = o.program_id and p.part_id = o.subject_id)
   and not exists (select from team t
                    where t.program_id = o.program_id and t.team_id = o.subject_id)
   and not exists (select from choice c
                    where c.program_id = o.program_id and c.choice_id = o.subject_id)
   and not exists (select from membership_turn t
                    where t.program_id = o.program_id and t.turn_id = o.subject_id)
   and not exists (select from partner p
                    where p.program_id = o.program_id and p.partner_id = o.subject_id)
   and not exists (select from partner_contract p
                    where p.program_id = o.program_id and p.contract_id = o.subject_id)
   and not exists (select from partner_entry p
                    where p.program_id = o.program_id and p.entry_id = o.subject_id)
   and not exists (select from partner_claim p
                    where p.program_id = o.program_id and p.claim_id = o.subject_id)
   and not exists (select from partner_dispute p
                    where p.program_id = o.program_id and p.dispute_id = o.subject_id)
   and not exists (select from partner_settlement p
                    where p.program_id = o.program_id and p.settlement_id = o.subject_id)
   and not exists (select from payout_run u
                    where u.program_id = o.program_id and u.run_id = o.subject_id)
   and not exists (select from payout_return u
                    where u.program_id = o.program_id and u.return_id = o.subject_id)
   and not exists (select from club c
                    where c.program_id = o.program_id and c.club_id = o.subject_id)
   and not exists (select from seat t
                    where t.program_id = o.program_id and t.seat_id = o.subject_id)
   and not exists (select from lesson l
                    where l.program_id = o.program_id and l.lesson_id = o.subject_id)
   and not exists (select from member_post p
                    where p.program_id = o.program_id and p.post_id = o.subject_id)
   and not exists (select from service_case p
                    where p.program_id = o.program_id and p.case_id = o.subject_id)
   and not exists (select from reference_request p
                    where p.program_id = o.program_id and p.request_id = o.subject_id)
   and not exists (select from api_key k
                    where k.program_id = o.program_id and k.key_id = o.subject_id)
   and not exists (select from staff f
                    where f.program_id = o.program_id and f.staff_id = o.subject_id)
   and not exists (select from adjustment_request q
                    where q.program_id = o.program_id and q.request_id = o.subject_id)
   and not exists (select from adjustment_round q
                    where q.program_id = o.program_id and q.round_id = o.subject_id)
   and not exists (select from bill b
                    where b.program_id = o.program_id and b.bill_id = o.subject_id)
   and not exists (select from bill_payment b
                    where b.program_id = o.program_id and b.payment_id = o.subject_id)
   and not exists (select from bill_refund b
                    where b.program_id = o.program_id and b.refund_id = o.subject_id)
   and not exists (select from hook h
                    where h.program_id = o.program_id and h.hook_id = o.subject_id)
   and not exists (select from inlet i
                    where i.program_id = o.program_id and i.inlet_id = o.subject_id)
   -- Ids of articles are texts.
   and not exists (select from article t
                    where t.program_id = o.program_id
                      and md5(convert_to(t.article_id, 'UTF8'))::uuid = o.subject_id)
   -- What a shop decided about its staff is about nobody of them.
   and not (o.subject_id = '00000000-0000-0000-0000-000000000000'
            and exists (select from staff_setting t where t.program_id = o.program_id))
   -- A version has no id of its own: its number stands for it.
   and not exists (select from program_version v
                    where v.program_id = o.program_id and o.subject_id =
                          lpad(to_hex(v.version), 32, '0')::uuid)
