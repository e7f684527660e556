Coming, learning, speaking

An evening, three lessons and a talk give points, and standing besides: 110 make Ada a club member, the third lesson of
the month wins a challenge, the second talk of the year makes an ambassador; a third gives nothing. What she buys counts no standing, and goes back without a trace.

Program: clubs

| When                | Who   | What                                | Answer                   | Has                      | Tier       | Told                         |
|---------------------|-------|-------------------------------------|--------------------------|--------------------------|------------|------------------------------|
| 2026-03-02 10:00    | Ada   | joins                               |                          |                          | newcomer   | member.joined, tier.changed  |
| 10:05               | Ada   | buys book 24.90, mug 12.00 as R1    | 36 points                | 36 points                |            | points.earned                |
| 2026-03-05 19:00    | Ada   | does event at harbour               | 50 points, 50 standing   | 86 points, 50 standing   |            | points.earned                |
| 2026-03-06 19:00    | Ada   | does lesson with level=beginner     | 20 points, 30 standing   | 106 points, 80 standing  |            | points.earned                |
| 2026-03-07 19:00    | Ada   | does lesson with level=expert       | 60 points, 30 standing   | 166 points, 110 standing | member     | points.earned, tier.changed  |
| 20:00               | Ada   | does post                           | 5 points                 | 171 points, 110 standing |            | points.earned                |
| 20:01               | Ada   | does post                           | nothing                  |                          |            |                              |
| 20:02               | Ada   | does lesson with level=beginner     | 20 points, 30 standing   | 191 points, 140 standing |            | points.earned                |
| 20:03               | night | falls                               |                          |                          |            | points.adjusted Ada, prize.given Ada |
| 2026-03-08 19:00    | Ada   | does talk                           | 200 points, 200 standing | 491 points, 340 standing |            | points.earned                |
| 19:01               | Ada   | uses backstage                      | tier_too_low             |                          |            |                              |
| 19:02               | Ada   | uses club-night                     | used, 0 left             |                          |            | benefit.used                 |
| 19:03               | Ada   | uses club-night                     | used_up                  |                          |            |                              |
| 2026-03-09 10:00    | Ada   | gives back 1 mug of R1              | -12 points               | 479 points, 340 standing |            | points.returned              |
| 10:01               | Ada   | gives back R1                       | -24 points               | 455 points, 340 standing |            | points.returned              |
| 10:02               | Ada   | takes tote                          | captured                 | 255 points, 340 standing |            | reward.held, reward.captured |
| 10:03               | Ada   | takes workshop                      | not_enough_points        |                          |            |                              |
| 2026-04-01 19:00    | Ada   | does talk                           | 200 points, 200 standing | 455 points, 540 standing | ambassador | points.earned, tier.changed  |
| 2026-04-02 19:00    | Ada   | does talk                           | nothing                  |                          |            |                              |
| 19:01               | Ada   | uses backstage                      | used, 2 left             |                          |            | benefit.used                 |
| 19:02               | Ada   | uses club-night                     | used, 0 left             |                          |            | benefit.used                 |
| 2027-12-31 23:59:59 | night | falls                               |                          |                          |            |                              |
| 2028-01-01 00:00    | night | falls                               |                          |                          |            | tier.changed Ada, points.expired Ada, points.expired Ada, points.expired Ada |
| 00:00               | Ada   | looks                               |                          | 540 standing             | newcomer   |                              |
| 2028-01-02 10:00    | Zoe   | joins with nickname=Zoe             |                          |                          | newcomer   | member.joined, tier.changed  |
| 10:01               | Zoe   | gets 400 points: won at our fair    |                          | 400 points               |            | points.adjusted              |
| 10:02               | Zoe   | takes workshop                      | captured                 | nothing                  |            | reward.held, reward.captured |
| 10:03               | Zoe   | does post                           | 5 points                 | 5 points                 |            | points.earned                |
| 10:04               | Zoe   | looks at writers                    | place 1 with 1           |                          |            |                              |
