-- I9: Whoever went with an import that was taken back is nobody again and has nothing; whoever was
--   here before has none of its points left.
-- Fails when: the mended file would bring somebody a second time, or points twice.
-- Do: take the import back once more (`regulars import-undo`), which changes nothing that is right;
--   settle what is left with the members named here by an adjustment, and report it as a bug.
-- Counts: import_undone where state = 'undone'
with gone as (
    select * from import_undone where state = 'undone'
)
select program_id, member_id, import_id, 'is still somebody: ' || m.state as wrong
  from gone join member m using (program_id, member_id)
 where made and m.state <> 'erased'
union all
select program_id, member_id, import_id, 'is still found by ' || i.kind
  from gone join identifier i using (program_id, member_id)
 where made and i.kind <> 'number'
union all
select program_id, member_id, import_id, 'still has a balance'
  from gone join balance b using (program_id, member_id)
 where made and (b.available <> 0 or b.pending <> 0 or b.held <> 0 or b.debt <> 0)
union all
select g.program_id, g.member_id, g.import_id, 'still has points of it'
  from gone g
  join lot l on l.program_id = g.program_id and l.member_id = g.member_id
 where not g.made and l.remaining > 0
   and (l.cause_id = g.import_id
        -- Points that wait for a word hang on their activity; what opened them names the import.
        or exists (select from entry e
                    where e.program_id = l.program_id and e.member_id = l.member_id
                      and e.entry_id = l.entry_id and e.kind = 'open'
                      and e.cause_id = g.import_id))
union all
select g.program_id, g.member_id, g.import_id, 'no import made them'
  from gone g
 where g.made and not exists (select from import_made m
                               where m.program_id = g.program_id and m.import_id = g.import_id
                                 and m.member_id = g.member_id)
union all
select u.program_id, null, u.import_id, 'it is done, and somebody waits'
  from import_undo u
 where u.done_at is not null
   and exists (select from import_undone n
                where n.program_id = u.program_id and n.import_id = u.import_id
                  and n.state = 'waiting')
