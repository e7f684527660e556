-- A claim that was rejected, or that nobody decided in time, does not stand for its activity: whose
-- it is may claim it still (semantics H4). What is open or granted is looked at under the lock of
-- the partner's account; an activity is booked once by `partner_entry_once`.

drop index partner_claim_once;
create index partner_claim_about on partner_claim (program_id, partner_id, external_id);
