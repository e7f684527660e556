-- I33: What tills reserved to be cut off with ends: handed over, given back, or lapsed.
-- Fails when: points stay reserved for a till that is not there, or longer than a till may reserve.
-- Do: release it at the till, or void the redemption named here.
-- Counts: redemption where actor like 'til\_% offline'
select program_id, redemption_id, 'it is reserved for no till' as wrong
  from redemption r
 where state = 'held' and actor like 'til\_% offline'
   and not exists (select from till t
                    where t.program_id = r.program_id
                      and r.actor = 'til_' || replace(t.till_id::text, '-', '') || ' offline')
union all
select program_id, redemption_id, 'it is reserved for too long'
  from redemption
 where state = 'held' and actor like 'til\_% offline' and lapses_at > opened_at + interval '4 days'
