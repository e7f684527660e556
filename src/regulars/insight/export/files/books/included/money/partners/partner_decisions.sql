-- What became of claims and disputes.
-- Table: partner_decision
-- Delta: whole
-- about_id uuid: the claim or the dispute
-- decision text: granted or rejected
-- decided_at instant: when
-- entry_id uuid?: the line that was booked for it
-- actor text: who decided
-- reason text: why
select about_id, decision, decided_at, entry_id, actor, reason
  from partner_decision where program_id = $1
