Money back waits, is confirmed and paid out

2 percent of everything, 5 of the own brand. It is there at once but can be used only when the purchase was
confirmed. March gives no more than 50.00 from the 2 percent; what was returned makes room again. What nobody
confirms in sixty days is cancelled by the clock. What is confirmed goes to the bank, comes back once as the account is closed.
What is left goes on two discounts.

Program: cashback

| When             | Who   | What                                  | Answer            | Has                             | Told                         |
|------------------|-------|---------------------------------------|-------------------|---------------------------------|------------------------------|
| 2026-03-02 10:00 | Ada   | joins                                 |                   |                                 | member.joined                |
| 10:01            | Ada   | buys 250.00 as R1                     | 5.00 money        | 5.00 pending money              | points.earned                |
| 10:02            | Ada   | buys 2 own-brand 40.00, pan 10.00 as R2 | 2.20 money      | 7.20 pending money              | points.earned                |
| 10:03            | Ada   | buys gift-card 50.00 as R3            | nothing           |                                 |                              |
| 2026-03-16 10:00 | Ada   | has confirmed R1                      | 5.00 money        | 5.00 money, 2.20 pending money  | points.activated             |
| 10:00            | Mia   | pays out as early                     | nothing_due       |                                 |                              |
| 10:01            | Ada   | gives back 1 own-brand of R2          | -1.00 money       | 5.00 money, 1.20 pending money  | points.returned              |
| 10:02            | Ada   | has confirmed R2                      | 1.20 money        | 6.20 money                      | points.activated             |
| 10:03            | Ada   | buys 300.00 as R4                     | 6.00 money        | 6.20 money, 6.00 pending money  | points.earned                |
| 2026-03-30 10:00 | Ada   | has confirmed R4                      | 6.00 money        | 12.20 money                     | points.activated             |
| 10:01            | Ada   | banks GB82WEST12345698765432          |                   |                                 |                              |
| 10:01            | Mia   | pays out as march                     | 1 paid, 12.20     |                                 | reward.held Ada, reward.captured Ada |
| 10:01            | Ada   | looks                                 |                   | nothing                         |                              |
| 10:02            | Ada   | buys 4000.00 as R5                    | 38.40 money       | 38.40 pending money | points.earned                |
| 10:03            | Ada   | buys 100.00 as R6                     | nothing           |                                 |                              |
| 10:04            | Ada   | gives back R5                         | -38.40 money      | nothing                         | points.returned              |
| 10:05            | Ada   | buys 100.00 as R7                     | 2.00 money        | 2.00 pending money  | points.earned                |
| 2026-05-29 10:04:59 | night | falls                              |                   |                                 |                              |
| 10:05            | night | falls                                 |                   |                                 | points.cancelled Ada         |
| 10:05            | Ada   | has confirmed R7                      | already_cancelled | nothing                         |                              |
| 10:06            | Ada   | is sent back AC04                     |                   | 12.20 money                     | points.adjusted, payout.returned |
| 10:07            | Mia   | pays out as june                      | nothing_due       |                                 |                              |
| 10:08            | Ada   | banks GB82WEST12345698765432          |                   |                                 |                              |
| 10:09            | Ada   | takes five-off                        | captured          | 7.20 money                      | reward.held, reward.captured |
| 10:10            | Mia   | pays out as june                      | nothing_due       |                                 |                              |
| 10:11            | Ada   | takes five-off                        | captured          | 2.20 money                      | reward.held, reward.captured |
| 10:12            | Ada   | takes five-off                        | not_enough_points |                                 |                              |
