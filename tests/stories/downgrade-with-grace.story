Down at the end of the year, after thirty days of grace

Silver was reached in 2026, so it holds through 2027 and thirty days of grace. Whoever spends enough
in those days stays. Down it goes one step, on the minute and not before, job or no job.

Program: bronze-silver-gold

| When                | Who   | What              | Answer     | Has        | Tier   | Told                        |
|---------------------|-------|-------------------|------------|------------|--------|-----------------------------|
| 2026-06-01 12:00    | Ada   | joins             |            |            | bronze | member.joined, tier.changed |
| 12:00               | Ben   | joins             |            |            | bronze | member.joined, tier.changed |
| 12:01               | Ada   | buys 600.00 as R1 | 650 points | 650 points | silver | points.earned, tier.changed |
| 12:02               | Ben   | buys 600.00 as R2 | 650 points | 650 points | silver | points.earned, tier.changed |
| 2028-01-20 12:00    | Ben   | buys 500.00 as R3 | 675 points | 1325 points |       | points.earned               |
| 2028-01-30 23:59:59 | Ada   | buys 1.00 as R4   | 1 points   | 651 points |        | points.earned               |
| 23:59:59            | night | falls             |            |            |        |                             |
| 2028-01-31 00:00    | Ada   | buys 10.00 as R5  | 10 points  | 661 points | bronze | tier.changed, points.earned |
| 00:01               | night | falls             |            |            |        |                             |
| 00:02               | Ben   | looks             |            |            |        |                             |
