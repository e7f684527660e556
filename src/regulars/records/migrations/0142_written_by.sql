-- Whoever wrote any part of a campaign is not the second person who approves it, and what was
-- approved is what goes out: which version of its segment counted then stands with it.
alter table campaign
    add column writers text[] not null default '{}',
    add column approved_saved integer;
update campaign set writers = array[changed_by] where journey_id is null;
-- What was approved before goes out as it was approved: whether its segment grew is looked at.
update campaign c set approved_saved = s.saved from segment s
 where c.state = 'approved' and s.program_id = c.program_id and s.segment_id = c.segment_id;
