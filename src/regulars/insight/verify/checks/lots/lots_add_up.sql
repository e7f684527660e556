-- I10: Of every lot there remains what was put in, less what was taken; no more is reserved than
--   that.
-- Fails when: it is not known how many points of one purchase are left, and when they lapse.
-- Do: the moves decide, `lot.remaining` follows from them. Keep a backup, report it with the rows
--   named here, and have it worked out again: `regulars rebuild --repair`.
-- Counts: lot
with moved as (
    select program_id, member_id, wallet, lot_id, sum(delta) as points
      from lot_move
     group by program_id, member_id, wallet, lot_id
)
select program_id, member_id, wallet, lot_id, l.amount, l.remaining, l.pinned,
       coalesce(m.points, 0) as moved
  from lot l
  left join moved m using (program_id, member_id, wallet, lot_id)
 where l.remaining <> l.amount + coalesce(m.points, 0)
    or l.remaining not between 0 and l.amount
    or l.pinned not between 0 and l.remaining
