Paid for a year

Ada has not paid: she earns, but nothing is included for her. Ben tries it for thirty days, pays, and has 200 points with each year;
each euro gives him two while it runs. He is late once and pays within the fortnight, in which it still counts. Ada pays, uses nothing
and has her money back, and what came with it goes, but for the points of what she bought meanwhile; from then on each euro is one
point. Nobody tries twice. When nobody pays for Ben's third year, it ends, and what he brings back of before takes what it gave.

Program: prime

| When             | Who   | What                                        | Answer                         | Has        | Told                         |
|------------------|-------|---------------------------------------------|--------------------------------|------------|------------------------------|
| 2026-03-02 10:00 | Ada   | joins                                       |                                |            | member.joined                |
| 10:01            | Ada   | buys 40.00 as A1 by web                     | 40 points                      | 40 points  | points.earned                |
| 10:02            | Ada   | uses free-delivery by web                   | no_plan                        |            |                              |
| 10:03            | Ben   | joins                                       |                                |            | member.joined                |
| 10:04            | Ben   | tries plus                                  | trial until 2026-04-01, 0.00   |            | membership.started           |
| 10:09            | Ben   | uses free-delivery by web as U1             | used                           |            | benefit.used                 |
| 10:10            | Ben   | uses free-delivery by store                 | not_here                       |            |                              |
| 10:11            | Ben   | uses member-deal for deal                   | used, 1 left                   |            | benefit.used                 |
| 10:12            | Ben   | uses member-deal for bread                  | not_for_this                   |            |                              |
| 10:13            | Ben   | uses films by tv                            | used                           |            | benefit.used                 |
| 10:14            | Ben   | undoes U1                                   | undone                         |            | benefit.undone               |
| 2026-03-05 10:00 | Ben   | buys 2 film 20.00, box 30.00 as R1 by web   | 100 points                     | 100 points | points.earned                |
| 10:01            | Ben   | buys membership 49.00 as R2 by web          | nothing                        |            |                              |
| 2026-03-09 10:00 | Ben   | gives back 1 film of R1                     | -20 points                     | 80 points  | points.returned              |
| 10:01            | Ben   | gives back R1                               | -80 points                     | nothing    | points.returned              |
| 10:02            | Ben   | takes five-off                              | not_enough_points              |            |                              |
| 2026-03-31 09:00 | Ben   | has paid                                    | active until 2027-04-01, 49.00 | 200 points | points.adjusted, membership.paid |
| 09:01            | Ben   | buys 25.00 as R3 by web                     | 50 points                      | 250 points | points.earned                |
| 09:02            | Ben   | takes five-off                              | captured                       | nothing    | reward.held, reward.captured |
| 09:03            | Ada   | starts plus                                 | active until 2027-03-31, 49.00 | 240 points | points.adjusted, membership.started |
| 09:03            | Ada   | buys 10.00 as A2 by web                     | 20 points                      | 260 points | points.earned                |
| 09:04            | Ada   | has refunded                                | ended until 2027-03-31, -49.00 | 60 points  | points.adjusted, membership.refunded |
| 09:04            | Ada   | buys 10.00 as A3 by web                     | 10 points                      | 70 points  | points.earned                |
| 09:05            | Ada   | uses films by tv                            | no_plan                        |            |                              |
| 09:05            | Cem   | joins                                       |                                |            | member.joined                |
| 09:06            | Cem   | tries plus                                  | trial until 2026-04-30, 0.00   |            | membership.started           |
| 09:07            | Cem   | ends now                                    | ended until 2026-04-30, 0.00   |            | membership.cancelled         |
| 09:08            | Cem   | tries plus                                  | trial_taken                    |            |                              |
| 2027-04-02 00:00 | night | falls                                       |                                |            | membership.past_due Ben, points.expired Ada, points.expired Ada, points.expired Ada |
| 00:01            | Ben   | uses free-delivery by web                   | used                           |            | benefit.used                 |
| 00:02            | Ben   | has failed                                  | past_due until 2027-04-01, 0.00 |            | membership.failed            |
| 00:03            | Ben   | buys 10.00 as R4 by web                     | 20 points                      | 20 points  | points.earned                |
| 2027-04-10 10:00 | Ben   | has paid                                    | active until 2028-04-01, 49.00 | 220 points | points.adjusted, membership.paid |
| 2028-04-16 00:00 | night | falls                                       |                                |            | membership.past_due Ben, membership.ended Ben |
| 00:01            | Ben   | uses free-delivery by web                   | no_plan                        |            |                              |
| 00:02            | Ben   | buys 10.00 as R5 by web                     | 10 points                      | 230 points | points.earned                |
| 00:03            | Ben   | gives back R4                               | -20 points                     | 210 points | points.returned              |
| 2028-05-01 00:00 | night | falls                                       |                                |            | points.expired Ben           |
| 00:00            | Ben   | looks                                       |                                | 10 points  |                              |
| 2028-05-02 10:00 | Zoe   | joins                                       |                                |            | member.joined                |
| 10:01            | Zoe   | gets 120 points: won at our fair            |                                | 120 points | points.adjusted              |
| 10:02            | Zoe   | takes rental                                | captured                       | nothing    | reward.held, reward.captured |
