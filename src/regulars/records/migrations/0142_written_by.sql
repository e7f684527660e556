-- Whoever wrote any part of a campaign is not the second person who approves it, and what was
-- approved is what goes out: which version of its segment counted then stands with it.
alter table campaign
    add column writers text[] not null default '{}',
    add column approved_saved integer;
update campaign set writers = array[changed_by] where journey_id is null;
