-- The shop's own words in messages, in place of ours.
-- Table: message_words
-- Delta: whole
-- language text: of which language
-- phrase text: which sentence, by its name in our catalogue
-- says text: what is written instead
-- changed_at instant: since when
select w.language, w.phrase, w.says, w.changed_at
  from message_words w
 where w.program_id = $1
