-- I42: No return still waits for a purchase that is here.
-- Fails when: a member kept points of something they brought back.
-- Do: look again in a minute: the worker takes them up every half minute. If they stay, run
--   `regulars doctor` to see whether the worker runs, and report it.
-- Counts: waiting_return
-- Fold: waiting
--
-- One that says more came back than was bought stays where it is for people to look at.
select w.program_id, o.member_id, w.activity_id, o.subject_id as sale_id, w.command,
       case when jsonb_array_length(coalesce(a.body -> 'lines', '[]')) = 0
            then array[greatest(a.amount_minor, 1)]
            else array(select coalesce((l ->> 'quantity')::bigint, 1)
                         from jsonb_array_elements(a.body -> 'lines')
                              with ordinality as r (l, place)
                        order by place)
       end as pieces,
       array(select t.packed from trail t
              where t.program_id = o.program_id and t.member_id = o.member_id
                and (t.activity_id = o.subject_id or t.sale_id = o.subject_id)) as packed
  from waiting_return w
  join once o on o.program_id = w.program_id and o.key = w.sale_key
  join activity a on a.program_id = o.program_id and a.activity_id = o.subject_id
 where w.settled_at is null
