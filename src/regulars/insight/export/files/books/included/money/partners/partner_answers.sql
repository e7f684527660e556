-- What partners said of settled lines.
-- Table: partner_answer
-- Delta: whole
-- entry_id uuid: the line
-- partner_id uuid: the partner
-- answer text: accepted or disputed
-- reason text: why
-- answered_at instant: when
-- actor text: who said so
select entry_id, partner_id, answer, reason, answered_at, actor
  from partner_answer where program_id = $1
