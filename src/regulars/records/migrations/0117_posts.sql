-- Reviews and stories that members write (ADR 0829).

-- ── reviews and stories ─────────────────────────────────────────────────────────────────────────
-- What a member wrote; the others read it once somebody of the shop has. One of a kind about one
-- thing at a time. Of an erased member no word is left.
create table member_post (
    program_id   integer     not null,
    post_id      uuid        not null,
    member_id    uuid        not null,
    kind         text        not null check (kind in ('review', 'story')),
    about        text        not null default '' check (length(about) <= 120),
    rating       smallint    check (rating between 1 and 5),
    title        text        not null check (length(title) <= 80),
    says         text        not null check (length(says) <= 4000),
    site         text        not null default '', -- where else it was written
    state        text        not null check (state in ('waiting', 'published', 'refused', 'withdrawn', 'forgotten')),
    reason       text        not null default '',
    written_at   timestamptz not null,
    decided_at   timestamptz,
    decided_by   text        not null default '',
    published_at timestamptz,                  -- when first
    rewarded     boolean     not null default false, -- rules gave something for it
    primary key (program_id, post_id),
    check (kind = 'review' or rating is null),
    check (state = 'forgotten' or (title <> '' and says <> '')),
    check (state not in ('published', 'refused') or (decided_at is not null and decided_by <> '')),
    check (state <> 'published' or published_at is not null),
    check (site = '' or not rewarded)
);
create index member_post_in on member_post (program_id, state, written_at, post_id);
create index member_post_of on member_post (program_id, member_id);

-- Who finds that it should not stand there; each once.
create table post_report (
    program_id integer     not null,
    post_id    uuid        not null,
    member_id  uuid        not null,
    why        text        not null check (length(why) <= 300),
    made_at    timestamptz not null,
    settled_at timestamptz,
    primary key (program_id, post_id, member_id)
);
create index post_report_of on post_report (program_id, member_id);

create function forgets_posts(here integer, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    update member_post set about = '', rating = null, title = '', says = '', reason = '',
           state = 'forgotten'
     where program_id = here and member_id = any(members) and state <> 'forgotten';
    delete from post_report where program_id = here and member_id = any(members);
$$;

create function erases_posts(
    here integer, who uuid, told timestamptz, names text[], texts text[]
) returns void language sql set search_path = public, pg_temp as $$
    select forgets_posts(here, array[who]);
$$;
revoke execute on function erases_posts(integer, uuid, timestamptz, text[], text[]) from public;

create function takes_back_posts(here integer, told timestamptz, members uuid[])
returns void language sql set search_path = public, pg_temp as $$
    select forgets_posts(here, members);
$$;
revoke execute on function takes_back_posts(integer, timestamptz, uuid[]) from public;

grant select, insert, update, delete on member_post, post_report to regulars_app;
select fence(array['member_post', 'post_report']);
