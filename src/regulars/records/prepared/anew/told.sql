(select a.*, w.root, w.adds
   from anew_whose w join activity a on a.member_id = w.member_id
  where a.program_id = :program::int and a.recorded_tx < :below::bigint
    and a.member_id > :after::uuid and a.member_id <= :upto::uuid
  union all
 select a.*, w.root, w.adds
   from anew_whose w
  cross join lateral (
        select * from activity a
         where a.program_id = :program::int and a.recorded_tx < :below::bigint
           and a.member_id = w.member_id offset 0) a
  where not w.adds)
