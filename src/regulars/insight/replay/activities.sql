-- What happened, with the attributes of the member that were frozen with the decision.
select a.member_id, a.activity_id, a.kind, a.source, a.external_id, a.sale_id, a.occurred_at,
       a.recorded_at, a.store, a.channel, a.amount_minor, a.body, a.actor, t.packed, d.own_day
  from activity a
  left join trail t on t.program_id = a.program_id and t.activity_id = a.activity_id
                   and t.member_id = a.member_id
  left join deed d on d.program_id = a.program_id and d.member_id = a.member_id
                  and d.activity_id = a.activity_id
 where a.program_id = $1 and a.recorded_at < $2
