-- Versions that were taken back before anything was decided by them.
-- Table: version_withdrawal
-- Delta: whole
-- version int: the version that was taken back
-- restored_as int: the version that rules in its place
-- withdrawn_by text: who took it back
-- reason text: why
-- withdrawn_at instant: when
select version, restored_as, withdrawn_by, reason, withdrawn_at
  from version_withdrawal where program_id = $1
