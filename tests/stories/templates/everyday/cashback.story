Money back waits, is confirmed and paid out

2 percent of everything, 5 of the own brand. It is there at once but can be used only when the purchase was
confirmed. March gives no more than 50.00 from the 2 percent; what was returned makes room again. What nobody
confirms in sixty days is cancelled by the clock.

Program: cashback

| When             | Who   | What                                  | Answer            | Has                             | Told                         |
|------------------|-------|---------------------------------------|-------------------|---------------------------------|------------------------------|
| 2026-03-02 10:00 | Ada   | joins                                 |                   |                                 | member.joined                |
| 10:01            | Ada   | buys 250.00 as R1                     | 5.00 money        | 5.00 pending money              | points.earned                |
| 10:02            | Ada   | buys 2 own-brand 40.00, pan 10.00 as R2 | 2.20 money      | 7.20 pending money              | points.earned                |
| 10:03            | Ada   | buys gift-card 50.00 as R3            | nothing           |                                 |                              |
| 2026-03-16 10:00 | Ada   | has confirmed R1                      | 5.00 money        | 5.00 money, 2.20 pending money  | points.activated             |
| 10:00            | Ada   | takes pay-out-ten                     | not_enough_points |                                 |                              |
| 10:01            | Ada   | gives back 1 own-brand of R2          | -1.00 money       | 5.00 money, 1.20 pending money  | points.returned              |
| 10:02            | Ada   | has confirmed R2                      | 1.20 money        | 6.20 money                      | points.activated             |
| 10:03            | Ada   | buys 300.00 as R4                     | 6.00 money        | 6.20 money, 6.00 pending money  | points.earned                |
| 2026-03-30 10:00 | Ada   | has confirmed R4                      | 6.00 money        | 12.20 money                     | points.activated             |
| 10:01            | Ada   | takes pay-out-ten                     | captured          | 2.20 money                      | reward.held, reward.captured |
| 10:02            | Ada   | buys 4000.00 as R5                    | 38.40 money       | 2.20 money, 38.40 pending money | points.earned                |
| 10:03            | Ada   | buys 100.00 as R6                     | nothing           |                                 |                              |
| 10:04            | Ada   | gives back R5                         | -38.40 money      | 2.20 money                      | points.returned              |
| 10:05            | Ada   | buys 100.00 as R7                     | 2.00 money        | 2.20 money, 2.00 pending money  | points.earned                |
| 2026-05-29 10:04:59 | night | falls                              |                   |                                 |                              |
| 10:05            | night | falls                                 |                   |                                 | points.cancelled Ada         |
| 10:05            | Ada   | has confirmed R7                      | already_cancelled | 2.20 money                      |                              |
