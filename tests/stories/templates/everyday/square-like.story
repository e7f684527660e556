Stars for a visit, an amount, an item and a category

9.00 of coffee and 25.00 for home are 34.00: 6.8 stars, two coffees are 2, and the home 2.5 more. 11.3 is cut off to
11. On a Tuesday it doubles before it is cut off. What came back is worked out anew.

Program: square-like

| When                | Who   | What                               | Answer            | Has      | Told                         |
|---------------------|-------|------------------------------------|-------------------|----------|------------------------------|
| 2026-03-02 08:00    | Ada   | joins                              |                   |          | member.joined                |
| 08:01               | Ada   | does visit                         | 1 stars           | 1 stars  | points.earned                |
| 08:02               | Ada   | does visit                         | nothing           |          |                              |
| 08:03               | Ada   | buys 2 coffee 9.00, home 25.00 as R1 | 11 stars        | 12 stars | points.earned                |
| 08:04               | Ada   | buys gift-card 25.00               | nothing           |          |                              |
| 08:05               | Ada   | uses refill                        | used, 0 left      |          | benefit.used                 |
| 17:00               | Ada   | uses refill                        | used_up           |          |                              |
| 17:01               | Ada   | gives back 1 home of R1            | -8 stars          | 4 stars  | points.returned              |
| 2026-03-03 00:00    | Ada   | buys coffee 4.50 as R2             | 3 stars           | 7 stars  | points.earned                |
| 00:01               | Ada   | does visit                         | 1 stars           | 8 stars  | points.earned                |
| 00:02               | Ada   | uses refill                        | used, 0 left      |          | benefit.used                 |
| 2026-03-05 12:00    | Ada   | buys 60.00 as R3                   | 12 stars          | 20 stars | points.earned                |
| 12:01               | Ada   | gives back R3                      | -12 stars         | 8 stars  | points.returned              |
| 12:02               | Ada   | buys 55.00 as R4                   | 11 stars          | 19 stars | points.earned                |
| 12:03               | Ada   | takes drink                        | captured          | 9 stars  | reward.held, reward.captured |
| 12:04               | Ada   | takes lunch                        | not_enough_points |          |                              |
| 2027-03-31 23:59:59 | Ada   | looks                              |                   | 9 stars  |                              |
| 2027-04-01 00:00    | night | falls                              |                   |          | points.expired Ada           |
| 00:00               | Ada   | looks                              |                   | nothing  |                              |
| 2027-04-02 10:00    | Zoe   | joins                              |                   |          | member.joined                |
| 10:01               | Zoe   | gets 75 stars: won at our fair     |                   | 75 stars | points.adjusted              |
| 10:02               | Zoe   | takes lunch                        | captured          | 50 stars | reward.held, reward.captured |
| 10:03               | Zoe   | takes mug                          | captured          | nothing  | reward.held, reward.captured |
