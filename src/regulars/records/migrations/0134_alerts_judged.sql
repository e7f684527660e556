-- What is told of as unusual, and accounts that use the shop less, are judged by whoever looked, and
-- it is kept what became of them (ADR 0902).

-- ── right, or a false alarm ──────────────────────────────────────────────────────────────────────
alter table member_alert
    add column verdict text check (verdict in ('right', 'false_alarm')),
    add constraint member_alert_judged_check check (verdict is null or handled_at is not null);
-- Of an unusual day: it came again (`lasted`), it stayed one (`once`), most of it came back.
alter table member_alert drop constraint member_alert_outcome_check;
alter table member_alert add constraint member_alert_outcome_check
    check (outcome in ('came', 'stayed_away', 'gone', 'lasted', 'once', 'taken_back'));
create index member_alert_unsettled on member_alert (program_id, as_of)
    where kind = 'unusual' and outcome is null;

-- How the rule of unusual days did on seven nights of the past: whom it would have told of, and of
-- how many such a day came again.
alter table member_alert_day
    add column unusual_tried  integer not null default 0,
    add column unusual_lasted integer not null default 0;
