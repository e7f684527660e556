-- E-mail providers tell what became of letters: why an address is marked, and how often one failed.

-- `soft` marks nothing: a full mailbox says nothing of the address. It is counted, so that whoever
-- looks for why somebody hears nothing sees it.
alter table bounced_address
    add column kind  text    not null default 'hard' check (kind in ('soft', 'hard', 'complaint')),
    add column times integer not null default 1 check (times > 0);
