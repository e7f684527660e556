-- A key may send only so many requests a minute; 0 for as many as it likes.
alter table api_key
    add column per_minute integer not null default 0 check (per_minute between 0 and 1000000);
