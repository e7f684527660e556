(select a.*, null::uuid as root, true as adds from activity a
  where a.program_id = :program::int and a.recorded_tx < :below::bigint
    and a.member_id = '00000000-0000-0000-0000-000000000000'
    and a.occurred_at > :since::timestamptz and a.occurred_at <= :until::timestamptz)
