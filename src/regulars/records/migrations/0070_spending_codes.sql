-- A code that a member is sent to prove at a counter that they are the one who spends (ADR 0565).
alter table sign_in_code drop constraint sign_in_code_purpose_check;
alter table sign_in_code
    add constraint sign_in_code_purpose_check check (purpose in ('sign_in', 'consent', 'spending'));
alter table delivery drop constraint delivery_kind_check;
alter table delivery
    add constraint delivery_kind_check check (kind in
        ('code', 'confirmation', 'spending', 'earned', 'redeemed', 'notice'));
