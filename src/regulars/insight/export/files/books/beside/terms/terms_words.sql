-- What members were told of versions, and what they said to them.
-- Table: terms_word
-- Delta: members
-- word_id wrd: the word
-- member_id mem: the member
-- version int: which version
-- word text: told, accepted or declined
-- channel text: by which way
-- said_at instant: when it was told or said
-- actor text: who told us
-- recorded_at instant: when we were told
select word_id, member_id, version, word, channel, said_at, actor, recorded_at
  from terms_word where program_id = $1
