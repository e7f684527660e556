A year from bronze to gold

A point for each dollar. Silver earns a quarter more, Gold half more; a basket of 150.00 brings 50
on top. The purchase that reaches a tier still earns at the tier before it.

Program: bronze-silver-gold

| When             | Who | What                  | Answer     | Has         | Tier   | Told                        |
|------------------|-----|-----------------------|------------|-------------|--------|-----------------------------|
| 2026-01-10 10:00 | Ada | joins                 |            |             | bronze | member.joined, tier.changed |
| 10:05            | Ada | buys 19.99 as R1      | 19 points  | 19 points   |        | points.earned               |
| 2026-03-05 11:00 | Ada | buys 480.00 as R2     | 530 points | 549 points  |        | points.earned               |
| 2026-03-06 11:00 | Ada | buys 0.01 as R3       | nothing    |             | silver | tier.changed                |
| 2026-03-07 11:00 | Ada | buys 19.99 as R4      | 24 points  | 573 points  |        | points.earned               |
| 11:05            | Ada | takes gold-evening    | tier_too_low |           |        |                             |
| 2026-06-30 18:00 | Ada | buys 980.01 as R5     | 1275 points | 1848 points | gold  | points.earned, tier.changed |
| 2026-07-01 18:00 | Ada | buys 100.00 as R6     | 150 points | 1998 points |        | points.earned               |
| 18:05            | Ada | takes gold-evening    | captured   | 1598 points |        | reward.held, reward.captured |
| 18:06            | Ada | takes gold-evening    | limit_reached |          |        |                             |
| 2026-09-01 12:00 | Ada | does review           | 20 points  | 1618 points |        | points.earned               |
| 2026-09-30 12:00 | Ada | does review           | nothing    |             |        |                             |
| 2026-10-01 00:00 | Ada | does review           | 20 points  | 1638 points |        | points.earned               |
| 2027-01-01 00:00 | Ada | takes gold-evening    | captured   | 1238 points |        | reward.held, reward.captured |
