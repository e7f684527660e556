-- Whose books are read for a portion of members, and as whom they count.
--
-- `root` is as whom somebody stands, where that is one of the portion: rows by member are theirs.
-- `adds` are the members of the portion themselves, each once: what they did is added to sums by
-- category, hour and lot. The others stand with one of them; a return may lie with either.
insert into anew_whose (member_id, adds, root)
with here as (
    select m.member_id, a.into_id
      from member m
      left join member_alias a on a.program_id = m.program_id and a.member_id = m.member_id
     where m.program_id = :program::int and m.member_id > :after::uuid and m.member_id <= :upto::uuid
), beside as (
    select a.member_id, a.into_id from member_alias a
     where a.program_id = :program::int and a.into_id > :after::uuid and a.into_id <= :upto::uuid
    union
    select r.member_id, h.into_id
      from here h
     cross join lateral (
           select h.into_id as member_id
           union all
           select s.member_id from member_alias s
            where s.program_id = :program::int and s.into_id = h.into_id) r
     where h.into_id is not null
), everybody as (
    select member_id, coalesce(into_id, member_id) as root, true as adds from here
    union all
    select member_id, into_id, false from beside
     where not (member_id > :after::uuid and member_id <= :upto::uuid)
)
select e.member_id, e.adds,
       case when e.root > :after::uuid and e.root <= :upto::uuid
             and not exists (select from import_undone u
                              where u.program_id = :program::int and u.member_id = e.member_id
                                and u.made and u.state = 'undone') then e.root end as root
  from everybody e;
