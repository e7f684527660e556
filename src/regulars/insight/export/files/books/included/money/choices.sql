-- What members said they choose of several rewards or benefits.
-- Table: choice
-- Delta: members
-- member_id mem: the member
-- choice_id uuid: the choice
-- word text: the word under which it was chosen, as in the program file
-- period int: for which period, as counters count it; 0 for ever
-- chosen text: the reward or benefit, as in the program file
-- version int: the version of the program they chose under
-- chosen_at instant: when
-- actor text: who said so
select member_id, choice_id, word, period, chosen, version, chosen_at, actor
  from choice where program_id = $1
