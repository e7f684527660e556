-- Months are kept on one page and sent to whoever of the staff asks (ADR 0588); what members buy
-- from next (ADR 0592).

-- ── months on one page ──────────────────────────────────────────────────────────────────────────
-- In which language somebody of the staff gets the page of each month; '' for not at all.
alter table staff add column month_letter text not null default ''
    check (month_letter in ('', 'en', 'de', 'tr', 'ar'));

-- The page as it was told when the month had ended; never written anew.
create table month_page (
    program_id integer     not null,
    month      date        not null check (extract(day from month) = 1),
    language   text        not null,
    told       jsonb       not null,
    made_at    timestamptz not null,
    primary key (program_id, month, language)
);

-- To whom it goes, and what became of it. A letter is `going` before it is handed over: who is
-- killed meanwhile leaves it so, and it is not sent again.
create table month_letter (
    program_id integer     not null,
    letter_id  uuid        not null,
    month      date        not null,
    staff_id   uuid        not null,
    language   text        not null,
    address    bytea       not null default '',  -- a keyed digest; '' once it says nothing any more
    state      text        not null
        check (state in ('waiting', 'going', 'sent', 'refused', 'bounced', 'unsure', 'unwanted')),
    tries      smallint    not null default 0,
    try_at     timestamptz not null,
    reason     text        not null default '',
    primary key (program_id, letter_id),
    unique (program_id, month, staff_id)
) with (fillfactor = 85);
create index month_letter_due on month_letter (program_id, try_at)
    where state in ('waiting', 'going');
create index month_letter_bounced on month_letter (program_id, address) where state = 'bounced';

grant select, insert, update, delete on month_letter to regulars_app;
grant select, insert on month_page to regulars_app;
select fence(array['month_page', 'month_letter']);

-- ── what members buy from next ──────────────────────────────────────────────────────────────────
-- The category itself is said of the member (`member.derived`, `value-category`); here is as of
-- which day, by which way, and how good that was on the shop's own past.
create table category_run (
    program_id integer     not null,
    as_of      date        not null,           -- the last day that was looked at
    at         timestamptz not null,
    members    integer     not null,           -- of how many it is said
    version    text        not null default '', -- the way it was reckoned; '' where nothing is said
    found      jsonb       not null,           -- what came of the past, or what is missing
    primary key (program_id, as_of)
);

grant select, insert, update, delete on category_run to regulars_app;
select fence(array['category_run']);
