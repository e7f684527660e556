Points for being out there

Ada buys, checks in at a hut, comes to events and repairs. A second check-in of the day gives nothing, and neither does
the third event of a month. For what she gathered she goes on a hike.

Program: outdoor-pass

| When                | Who   | What                                | Answer            | Has        | Told                         |
|---------------------|-------|-------------------------------------|-------------------|------------|------------------------------|
| 2026-03-02 09:00    | Ada   | joins                               |                   |            | member.joined                |
| 09:05               | Ada   | buys jacket 249.00, 2 socks 31.90 as R1 | 280 points    | 280 points | points.earned                |
| 2026-03-07 10:00    | Ada   | does check-in at ridge              | 25 points         | 305 points | points.earned                |
| 23:59               | Ada   | does check-in at ridge              | nothing           |            |                              |
| 2026-03-08 00:00    | Ada   | does check-in at ridge              | 25 points         | 330 points | points.earned                |
| 18:00               | Ada   | does event                          | 100 points        | 430 points | points.earned                |
| 2026-03-14 18:00    | Ada   | does event                          | 100 points        | 530 points | points.earned                |
| 2026-03-21 18:00    | Ada   | does event                          | nothing           |            |                              |
| 2026-04-01 10:00    | Ada   | does repair                         | 50 points         | 580 points | points.earned                |
| 2026-04-02 10:00    | Ada   | takes climbing-day                  | not_enough_points |            |                              |
| 10:01               | Ada   | gives back 1 socks of R1            | -16 points        | 564 points | points.returned              |
| 10:02               | Ada   | buys 99.00 as R2                    | 99 points         | 663 points | points.earned                |
| 10:03               | Ada   | gives back R2                       | -99 points        | 564 points | points.returned              |
| 10:04               | Ada   | takes guided-hike                   | captured          | 164 points | reward.held, reward.captured |
| 10:05               | Ada   | uses small-repair                   | used, 1 left      |            | benefit.used                 |
| 10:06               | Ada   | uses small-repair                   | used, 0 left      |            | benefit.used                 |
| 10:07               | Ada   | uses small-repair                   | used_up           |            |                              |
| 2027-12-31 23:59:59 | night | falls                               |                   |            |                              |
| 2028-01-01 00:00    | night | falls                               |                   |            | points.expired Ada, points.expired Ada, points.expired Ada |
| 00:00               | Ada   | looks                               |                   | nothing    |                              |
