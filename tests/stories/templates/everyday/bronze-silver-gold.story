Silver, and back to bronze

Two lamps go back one by one: 170.00 still bring the 50 for a big basket, 20.00 do not. What came back counts for no
tier. 500.00 make Ada silver till the end of 2027 and thirty days more; her points end with March 2028. Bea's 1500.00 at once are gold: half more points, a seat at the evening, and silver as long as it lasts afterwards.

Program: bronze-silver-gold

| When                | Who   | What                              | Answer            | Has        | Tier   | Told                         |
|---------------------|-------|-----------------------------------|-------------------|------------|--------|------------------------------|
| 2026-01-10 10:00    | Ada   | joins                             |                   |            | bronze | member.joined, tier.changed  |
| 10:05               | Ada   | buys 2 lamp 300.00, mug 20.00 as R1 | 370 points      | 370 points |        | points.earned                |
| 2026-01-12 10:00    | Ada   | gives back 1 lamp of R1           | -150 points       | 220 points |        | points.returned              |
| 10:01               | Ada   | gives back 1 lamp of R1           | -200 points       | 20 points  |        | points.returned              |
| 10:02               | Ada   | gives back R1                     | -20 points        | nothing    |        | points.returned              |
| 2026-02-01 10:00    | Ada   | does review with rating=4         | 20 points         | 20 points  |        | points.earned                |
| 10:01               | Ada   | does review with rating=5         | nothing           |            |        |                              |
| 2026-03-01 10:00    | Ada   | buys 499.99 as R2                 | 549 points        | 569 points |        | points.earned                |
| 10:01               | Ada   | buys 0.01 as R3                   | nothing           |            | silver | tier.changed                 |
| 10:02               | Ada   | takes five-off                    | captured          | 319 points |        | reward.held, reward.captured |
| 10:03               | Ada   | takes gold-evening                | tier_too_low      |            |        |                              |
| 10:04               | Ada   | takes twenty-off                  | not_enough_points |            |        |                              |
| 2026-03-02 10:00    | Ada   | buys 19.99 as R4                  | 24 points         | 343 points |        | points.earned                |
| 2026-03-05 10:00    | Bea   | joins                             |                   |            | bronze | member.joined, tier.changed  |
| 10:01               | Bea   | buys 1500.00 as B1                | 1550 points       | 1550 points | gold  | points.earned, tier.changed  |
| 10:02               | Bea   | buys 100.00 as B2                 | 150 points        | 1700 points |       | points.earned                |
| 10:03               | Bea   | takes gold-evening                | captured          | 1300 points |       | reward.held, reward.captured |
| 2028-01-30 23:59:59 | night | falls                             |                   |            |        |                              |
| 2028-01-31 00:00    | night | falls                             |                   |            |        | tier.changed Ada, tier.changed Bea |
| 00:00               | Bea   | looks                             |                   |            | silver |                              |
| 00:00               | Ada   | looks                             |                   |            | bronze |                              |
| 2028-03-31 23:59:59 | night | falls                             |                   |            |        |                              |
| 2028-04-01 00:00    | night | falls                             |                   |            |        | points.expired Ada, points.expired Ada, points.expired Bea, points.expired Bea |
| 00:00               | Ada   | looks                             |                   | nothing    |        |                              |
| 2028-04-02 10:00    | Zoe   | joins                             |                   |            | bronze | member.joined, tier.changed  |
| 10:01               | Zoe   | gets 900 points: won at our fair  |                   | 900 points |        | points.adjusted              |
| 10:02               | Zoe   | takes twenty-off                  | captured          | nothing    |        | reward.held, reward.captured |
