-- What somebody chose binds them for as long as it can be had: where it is taken out of the program
-- they choose anew, and both words are kept (semantics F3, G2).

alter table choice drop constraint choice_pkey;
alter table choice add primary key (program_id, member_id, word, period, chosen);
