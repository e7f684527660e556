Nine stamps, and the tenth coffee is free

The free coffee is handed over at the counter: first it is reserved, then collected. It earns no
stamp itself, because nothing is paid.

Program: coffee-shop

| When             | Who | What                                 | Answer   | Has                            | Told            |
|------------------|-----|--------------------------------------|----------|--------------------------------|-----------------|
| 2026-03-02 09:00 | Ben | joins                                |          |                                | member.joined   |
| 09:01            | Ben | buys 8 coffee 24.00 as R1            | 24 points, 8 stamps | 24 points, 8 stamps | points.earned   |
| 09:02            | Ben | reserves tenth-coffee-free as H1     | not_enough_points |                       |                 |
| 2026-03-03 09:00 | Ben | buys coffee 3.00 as R2               | 3 points, 1 stamps | 27 points, 9 stamps  | points.earned   |
| 09:01            | Ben | reserves tenth-coffee-free as H1     | held     | 27 points, 9 held stamps       | reward.held     |
| 09:02            | Ben | reserves tenth-coffee-free as H2     | not_enough_points |                       |                 |
| 09:05            | Ben | collects H1                          | captured | 27 points                      | reward.captured |
| 09:06            | Ben | collects H1                          | captured |                                |                 |
| 09:07            | Ben | lets go H1                           | already_captured |                        |                 |
| 09:10            | Ben | buys coffee 3.00 as R3               | 3 points, 1 stamps | 30 points, 1 stamps  | points.earned   |
