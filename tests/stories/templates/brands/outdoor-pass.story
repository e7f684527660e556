Points for being out there

Ada buys, checks in at a hut, comes to events and repairs. A second check-in of the day gives nothing, and neither does
the third event of a month. For what she gathered she goes on a hike. Her check-ins in summer
are tickets, she is the only one who has some, and the weekend at the hut is hers with the draw.

Program: outdoor-pass

| When                | Who   | What                                | Answer            | Has        | Told                         |
|---------------------|-------|-------------------------------------|-------------------|------------|------------------------------|
| 2026-03-02 09:00    | Ada   | joins with nickname=Ridge           |                   |            | member.joined                |
| 09:05               | Ada   | buys jacket 249.00, 2 socks 31.90 as R1 | 280 points    | 280 points | points.earned                |
| 10:00               | Zoe   | joins                               |                   |            | member.joined                |
| 10:01               | Zoe   | gets 2100 points: won at our fair   |                   | 2100 points | points.adjusted              |
| 10:02               | Zoe   | takes ten-off                       | captured          | 1100 points | reward.held, reward.captured |
| 10:03               | Zoe   | takes climbing-day                  | captured          | 300 points | reward.held, reward.captured |
| 10:04               | Zoe   | takes field-test                    | captured          | nothing    | reward.held, reward.captured |
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
| 2026-05-31 12:00    | Ada   | does check-in at ridge              | 25 points         | 189 points | points.earned                |
| 12:00               | Ada   | looks at out-there                  | place 1 with 1    |            |                              |
| 12:00               | shop  | announces hut-weekend               | announced         |            |                              |
| 2026-06-01 10:00    | Ada   | does check-in at ridge              | 25 points         | 214 points | points.earned                |
| 2026-06-02 10:00    | Ada   | does check-in at ridge              | 25 points         | 239 points | points.earned                |
| 10:01               | Ada   | does check-in at ridge              | nothing           |            |                              |
| 10:02               | Ada   | looks at out-there                  | place 1 with 3    |            |                              |
| 10:02               | Ada   | counts tickets of hut-weekend       | 3 tickets         |            |                              |
| 2026-06-20 05:00    | Ada   | takes guided-hike                   | not_now           |            |                              |
| 2026-08-31 23:59    | shop  | draws hut-weekend by 4 8 15         | draw_not_over     |            |                              |
| 2026-09-01 00:00    | shop  | draws hut-weekend by 4 8 15         | 3 tickets         |            | reward.held Ada, draw.won Ada, reward.captured Ada |
| 00:00               | Ada   | counts tickets of hut-weekend       | 3 tickets, prize 1 given |     |                              |
| 00:01               | shop  | draws hut-weekend by 4 8 15         | again: 3 tickets  |            |                              |
| 2027-12-31 23:59:59 | night | falls                               |                   |            |                              |
| 2028-01-01 00:00    | night | falls                               |                   |            | points.expired Ada, points.expired Ada, points.expired Ada, points.expired Ada, points.expired Ada, points.expired Ada |
| 00:00               | Ada   | looks                               |                   | nothing    |                              |
