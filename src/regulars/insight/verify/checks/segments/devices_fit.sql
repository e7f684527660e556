-- I104: A device that is told is of a member who is there and who once gave leave.
-- Fails when: somebody's words would be shown on a device of nobody, or of who asked to be forgotten.
-- Do: report it with the rows named here; the device is forgotten by whoever removes it on the member's card.
-- Counts: push_device
select d.program_id, d.device_id, d.member_id, m.state
  from push_device d
  left join member m using (program_id, member_id)
 where m.member_id is null or m.state = 'erased'
    or not exists (select from consent c
                    where c.program_id = d.program_id and c.member_id = d.member_id
                      and c.channel = 'push' and c.state = 'given')
