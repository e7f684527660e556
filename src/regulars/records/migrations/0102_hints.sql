-- Events that only hint at something: what it is by now is asked for before anything is booked.

-- What is still to be asked for, the oldest first; nearly always nothing (ADR 0775).
create index arrival_asks on arrival (program_id, inlet_id, arrival_id)
    where code = 'asks' and state = 'passed';
