-- Keys, indexes and foreign keys, made when the members are loaded: so is any large import.

alter table program add primary key (program_id), add unique (slug);
alter table member add primary key (member_id), add unique (program_id, number),
    add foreign key (program_id) references program;
alter table identifier add primary key (program_id, kind, value),
    add foreign key (member_id) references member;
create index on identifier (member_id);
alter table standing add primary key (member_id), add foreign key (member_id) references member;
create index on standing (tier_until) where tier_until is not null;
alter table balance add primary key (member_id, wallet),
    add foreign key (member_id) references member;
alter table counter add primary key (member_id, counter, period),
    add foreign key (member_id) references member;
alter table tier_move add primary key (move_id), add foreign key (member_id) references member;
create index on tier_move (member_id);

alter table activity add primary key (activity_id),
    add foreign key (member_id) references member,
    add foreign key (sale_id) references activity;
create index on activity (member_id, occurred_at);
create index on activity (sale_id) where sale_id is not null;
alter table once add primary key (program_id, key), add foreign key (member_id) references member;
alter table trail add primary key (activity_id),
    add foreign key (activity_id) references activity,
    add foreign key (sale_id) references activity;
create index on trail (sale_id) where sale_id is not null;

alter table entry add primary key (entry_id),
    add foreign key (member_id) references member,
    add foreign key (reverses) references entry;
create index on entry (member_id, recorded_at);
alter table posting add primary key (entry_id, line),
    add foreign key (entry_id) references entry;
alter table lot add primary key (lot_id),
    add foreign key (member_id) references member,
    add foreign key (entry_id) references entry;
create index on lot (member_id, wallet, expires_at) where remaining > 0;
create index on lot (expires_at) where remaining > 0;
alter table lot_move add primary key (entry_id, lot_id),
    add foreign key (entry_id) references entry,
    add foreign key (lot_id) references lot;

alter table redemption add primary key (redemption_id),
    add foreign key (member_id) references member;
create index on redemption (member_id, opened_at);
alter table hold add primary key (hold_id),
    add foreign key (redemption_id) references redemption,
    add foreign key (member_id) references member;
create index on hold (redemption_id);
create index on hold (lapses_at) where state = 'open';
alter table hold_lot add primary key (hold_id, lot_id),
    add foreign key (hold_id) references hold,
    add foreign key (lot_id) references lot;
alter table outbox add primary key (outbox_id), add foreign key (member_id) references member;
