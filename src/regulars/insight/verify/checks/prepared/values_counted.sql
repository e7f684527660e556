-- I112: What members are worth is of somebody who is there, and what rules ask of them is what is kept.
-- Fails when: a rule gives something to members whom the console calls something else.
-- Do: the next night reckons all of them anew; where it comes again, report it with the rows named
--   here.
-- Counts: member_value
--
-- Who was united or parted is reckoned anew in the next night, and nothing is said of them here.
select v.program_id, v.member_id, v.as_of, v.health, m.derived ->> 'value-health' as asked_health,
       v.worth, m.derived ->> 'value-worth' as asked_worth, v.worth_minor, v.soon_minor
  from member_value v
  left join member m using (program_id, member_id)
 where m.member_id is null or m.state = 'erased' or v.since < 0 or v.soon_minor > v.worth_minor
    or (m.state <> 'merged'
        and not exists (select from member_merge u
                         where u.program_id = v.program_id
                           and v.member_id in (u.from_id, u.into_id))
        and row(v.health, v.worth) is distinct from
            row(m.derived ->> 'value-health', m.derived ->> 'value-worth'))
