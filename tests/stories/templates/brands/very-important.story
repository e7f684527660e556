Nothing off, and much besides

A coat and a bag make Ada important; the bag goes back, and with it the tier. She books an hour with
the personal shopper, moves it, and does not come. Two more hours are booked when the bag goes back: they
stay hers, to be cancelled in time but not to be moved. Later she has bought enough to be invited, accepts
and is very important: the collection opens for her two weeks before the others, and nothing can be bought with what she has.
The jewel goes back, and what she was invited to stays until its year is over.

Program: very-important

| When                | Who   | What                                  | Answer         | Has            | Tier           | Told                        |
|---------------------|-------|---------------------------------------|----------------|----------------|----------------|-----------------------------|
| 2026-03-02 11:00    | Ada   | joins                                 |                |                | none           | member.joined               |
| 11:00               | Ada   | uses personal-shopper booked 2026-03-05 15:00 | tier_too_low |          |                |                             |
| 11:05               | Ada   | buys coat 6200.00, bag 4100.00 as R1  | 10300 standing | 10300 standing | important      | points.earned, tier.changed |
| 11:06               | Ada   | buys alteration 85.00 as A1           | nothing        |                |                |                             |
| 11:07               | Ada   | uses personal-shopper                 | invalid        |                |                |                             |
| 11:07               | Ada   | uses personal-shopper booked 2026-03-05 14:00 | no_such_time |          |                |                             |
| 11:07               | Ada   | uses personal-shopper bringing Nil booked 2026-03-05 15:00 as P1 | used | |                | benefit.used                |
| 11:07               | Ada   | rebooks P1 to 2026-03-06 13:00 as P2  | used           |                |                | benefit.undone, benefit.used |
| 11:08               | Ada   | uses delivery                         | used           |                |                | benefit.used                |
| 11:09               | Ada   | uses salon-evening                    | invalid        |                |                |                             |
| 11:10               | Ada   | uses salon-evening with guest=Ben     | used, 3 left   |                |                | benefit.used                |
| 2026-03-05 13:00    | Ada   | undoes P2                             | too_late_to_cancel |            |                |                             |
| 2026-03-06 13:20    | Ada   | stays away from P2                    | missed         |                |                | benefit.missed              |
| 2026-03-07 11:00    | Ada   | uses personal-shopper booked 2026-03-14 10:00 as P3 | used |          |                | benefit.used                |
| 11:01               | Ada   | uses personal-shopper booked 2026-03-14 12:00 as P4 | used |          |                | benefit.used                |
| 2026-03-09 11:00    | Ada   | gives back 1 bag of R1                | -4100 standing | 6200 standing  | none           | points.returned, tier.changed |
| 11:01               | Ada   | uses personal-shopper booked 2026-03-12 15:00 | tier_too_low |          |                |                             |
| 11:02               | Ada   | rebooks P3 to 2026-03-13 13:00        | tier_too_low   |                |                |                             |
| 2026-03-13 11:59    | Ada   | undoes P4                             | undone, 0 left |                |                | benefit.undone              |
| 2026-03-14 10:10    | Ada   | stays away from P3                    | missed, 0 left |                |                | benefit.missed              |
| 2026-03-15 19:00    | Ada   | does evening                          | 250 standing   | 6450 standing  |                | points.earned               |
| 2026-06-01 11:00    | Ada   | buys dress 12000.00 as R2             | 12000 standing | 18450 standing | important      | points.earned, tier.changed |
| 2026-06-02 11:00    | Ada   | buys jewel 6550.00 as R3              | 6550 standing  | 25000 standing | important      | points.earned               |
| 11:00               | Ada   | is invited to very-important          |                |                |                | tier.invited                |
| 11:01               | Ada   | accepts                               |                |                | very-important | tier.changed, tier.given    |
| 11:01               | Ada   | takes anything                        | unknown_reward |                |                |                             |
| 11:02               | Ada   | uses opera                            | not_granted    |                |                |                             |
| 11:03               | Ada   | is granted opera 1 times until 2026-12-31 00:00: thanks | |               |                | benefit.granted             |
| 11:04               | Ada   | uses opera                            | used, 0 left   |                |                | benefit.used                |
| 11:05               | Ada   | uses stylist-at-home                  | used, 1 left   |                |                | benefit.used                |
| 2026-09-03 23:59:59 | Ada   | uses pre-order for collection         | not_now        |                |                |                             |
| 2026-09-04 00:00    | Ada   | uses pre-order for collection         | used           |                |                | benefit.used                |
| 2026-09-05 11:00    | Ada   | gives back R3                         | -6550 standing | 18450 standing | very-important | points.returned             |
| 11:01               | Ada   | uses pre-order for collection         | used           |                |                | benefit.used                |
| 2027-06-01 23:59:59 | night | falls                                 |                |                |                |                             |
| 2027-06-02 00:00    | night | falls                                 |                |                |                | tier.changed Ada            |
| 00:00               | Ada   | looks                                 |                | 18450 standing | none           |                             |
