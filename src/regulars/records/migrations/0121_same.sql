-- What several sources tell is booked once; the rest is shown as duplicates.

-- Of what was passed, what somebody else told first; a nightly file may have many of them, and a
-- source with a million hints none.
create index arrival_duplicate on arrival (program_id, inlet_id, arrival_id)
    where code = 'duplicate' and state = 'passed';
