-- How often a till looks up somebody nobody knows is counted like tries to come in, and told of.
alter table staff_try drop constraint staff_try_kind_check;
alter table staff_try add constraint staff_try_kind_check
    check (kind in ('account', 'address', 'pin', 'lookup', 'lookup_day'));
alter table alert drop constraint alert_kind_check;
alter table alert add constraint alert_kind_check
    check (kind in ('velocity', 'share', 'joins', 'by_hand', 'lookups'));
