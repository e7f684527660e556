-- Whom a device looked for without the network and nobody knew: so many it told of since it was
-- paired, so that telling it again counts nothing twice.
alter table till add column strangers_told bigint not null default 0
    check (strangers_told >= 0);
