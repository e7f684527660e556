-- What several sources tell is booked once; the rest is shown as duplicates. How far a file is.

-- Of what was passed, what somebody else told first; a nightly file may have many of them, and a
-- source with a million hints none.
create index arrival_duplicate on arrival (program_id, inlet_id, arrival_id)
    where code = 'duplicate' and state = 'passed';

-- What somebody else told first is in the books, too: it says all that older states of it say.
drop index arrival_state;
create index arrival_state on arrival (program_id, inlet_id, name, told_at)
    where told_at is not null and (state = 'booked' or code = 'duplicate');

-- Of a file, about how many of its bytes were read, so that it is seen how much is left.
alter table feed_file add column position bigint not null default 0;
update feed_file set position = size where state in ('done', 'refused');

-- Pages are larger than those that were counted; what is read once more is known.
update catch_up set page = 1, version = version + 1 where page > 1;
