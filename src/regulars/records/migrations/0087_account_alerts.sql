-- Accounts of several people that use the shop less, told of like members (ADR 0695).
--
-- An alert of the kind `account` is about the account; its member is who led it then, so it goes with
-- them where they are erased, and its event has their order.
alter table member_alert add column account_id uuid;
alter table member_alert drop constraint member_alert_kind_check;
alter table member_alert add constraint member_alert_kind_check
    check (kind in ('slipping', 'unusual', 'account'));
alter table member_alert add constraint member_alert_account_check
    check ((kind = 'account') = (account_id is not null));
create unique index member_alert_account on member_alert (program_id, account_id)
    where kind = 'account' and outcome is null;

-- Accounts told of on a day, and how the same rule did at four days of the past: `picked` it would
-- have told of, of whom `right` did not order in 90 days; of the `rest` it would have left alone
-- `rest_away` did not either.
alter table member_alert_day
    add column accounts  integer not null default 0,
    add column picked    integer not null default 0,
    add column "right"   integer not null default 0,
    add column rest      integer not null default 0,
    add column rest_away integer not null default 0;
