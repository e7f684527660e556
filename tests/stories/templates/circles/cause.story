Points become good deeds

Nine hours of help would be 900 points; a month gives 800. Ada gives a day at school, five meals and a tree. What came
back to the shop takes its points along; what was given stays given.
Zoe buys for the town hall: of 200000 points a month 199990 are gone, 25.00 more bring the last 10, and the next month gives again.

Program: cause

| When                | Who   | What                                       | Answer            | Has        | Told                         |
|---------------------|-------|--------------------------------------------|-------------------|------------|------------------------------|
| 2026-03-02 10:00    | Ada   | joins                                      |                   |            | member.joined                |
| 10:01               | Ada   | buys 3 bread 13.50, honey 8.90 as R1       | 22 points         | 22 points  | points.earned                |
| 10:01               | Ada   | does own-bag                               | 5 points          | 27 points  | points.earned                |
| 18:00               | Ada   | does own-bag                               | nothing           |            |                              |
| 2026-03-07 14:00    | Ada   | does volunteering with cause=forest with hours=3 | 300 points  | 327 points | points.earned                |
| 2026-03-14 14:00    | Ada   | does volunteering with cause=kitchen with hours=6 | 500 points | 827 points | points.earned                |
| 2026-03-21 14:00    | Ada   | does volunteering with cause=kitchen with hours=1 | nothing    |            |                              |
| 2026-03-23 10:00    | Ada   | gives back 1 honey of R1                   | -9 points         | 818 points | points.returned              |
| 10:01               | Ada   | takes school-day                           | captured          | 318 points | reward.held, reward.captured |
| 10:02               | Ada   | takes meals                                | captured          | 68 points  | reward.held, reward.captured |
| 10:03               | Ada   | takes school-day                           | not_enough_points |            |                              |
| 10:04               | Ada   | buys 80.00 as R2                           | 80 points         | 148 points | points.earned                |
| 10:05               | Ada   | gives back R2                              | -80 points        | 68 points  | points.returned              |
| 10:06               | Ada   | takes tree                                 | captured          | 18 points  | reward.held, reward.captured |
| 2026-11-20 19:00    | Ada   | uses evening                               | used, 0 left      |            | benefit.used                 |
| 19:01               | Ada   | uses evening                               | used_up           |            |                              |
| 2028-12-31 23:59:59 | night | falls                                      |                   |            |                              |
| 2029-01-01 00:00    | night | falls                                      |                   |            | points.expired Ada           |
| 00:00               | Ada   | looks                                      |                   | nothing    |                              |
| 2029-02-01 10:00    | Zoe   | joins                                      |                   |            | member.joined                |
| 10:01               | Zoe   | buys 199990.50 as Z1                       | 199990 points     | 199990 points | points.earned                |
| 10:02               | Zoe   | buys 25.00 as Z2                           | 10 points         | 200000 points | points.earned                |
| 10:03               | Zoe   | buys 25.00 as Z3                           | nothing           |            |                              |
| 2029-03-01 10:00    | Zoe   | buys 25.00 as Z4                           | 25 points         | 200025 points | points.earned                |
