Paid for a year

Ada has not paid: she earns, but nothing is included for her. Ben has: each euro gives him two points, and delivery,
deals and films are his until the minute his year is over. He pays again and gets his 200 points again.

Program: prime

| When                | Who   | What                                                                | Answer            | Has        | Told                         |
|---------------------|-------|---------------------------------------------------------------------|-------------------|------------|------------------------------|
| 2026-03-02 10:00    | Ada   | joins                                                               |                   |            | member.joined                |
| 10:01               | Ada   | buys 40.00 as A1 by web                                             | 40 points         | 40 points  | points.earned                |
| 10:02               | Ada   | uses free-delivery by web                                           | not_granted       |            |                              |
| 10:03               | Ben   | joins with plan=plus                                                |                   |            | member.joined                |
| 10:04               | Ben   | does membership-fee                                                 | 200 points        | 200 points | points.earned                |
| 10:05               | Ben   | does membership-fee                                                 | nothing           |            |                              |
| 10:06               | Ben   | is granted free-delivery 500 times until 2027-03-02 10:00: fee paid |                   |            | benefit.granted              |
| 10:07               | Ben   | is granted member-deal 500 times until 2027-03-02 10:00: fee paid   |                   |            | benefit.granted              |
| 10:08               | Ben   | is granted films 5000 times until 2027-03-02 10:00: fee paid        |                   |            | benefit.granted              |
| 10:09               | Ben   | uses free-delivery by web as U1                                     | used, 499 left    |            | benefit.used                 |
| 10:10               | Ben   | uses free-delivery by store                                         | not_here          |            |                              |
| 10:11               | Ben   | uses member-deal for deal                                           | used, 499 left    |            | benefit.used                 |
| 10:12               | Ben   | uses member-deal for bread                                          | not_for_this      |            |                              |
| 10:13               | Ben   | uses films by tv                                                    | used, 4999 left   |            | benefit.used                 |
| 10:14               | Ben   | undoes U1                                                           | undone, 500 left  |            | benefit.undone               |
| 2026-03-05 10:00    | Ben   | buys 2 film 20.00, box 30.00 as R1 by web                           | 100 points        | 300 points | points.earned                |
| 10:01               | Ben   | buys membership 49.00 as R2 by web                                  | nothing           |            |                              |
| 2026-03-09 10:00    | Ben   | gives back 1 film of R1                                             | -20 points        | 280 points | points.returned              |
| 10:01               | Ben   | gives back R1                                                       | -80 points        | 200 points | points.returned              |
| 10:02               | Ben   | takes five-off                                                      | not_enough_points |            |                              |
| 10:03               | Ben   | buys 25.00 as R3 by web                                             | 50 points         | 250 points | points.earned                |
| 10:04               | Ben   | takes five-off                                                      | captured          | nothing    | reward.held, reward.captured |
| 10:05               | Ben   | buys 10.00 as R4 by web                                             | 20 points         | 20 points  | points.earned                |
| 2027-03-02 09:59:59 | Ben   | uses free-delivery by web                                           | used, 499 left    |            | benefit.used                 |
| 10:00               | Ben   | uses free-delivery by web                                           | not_granted       |            |                              |
| 10:01               | Ben   | does membership-fee                                                 | 200 points        | 220 points | points.earned                |
| 2027-04-01 00:00    | night | falls                                                               |                   |            | points.expired Ada, points.expired Ben |
| 00:00               | Ben   | looks                                                               |                   | 200 points |                              |
