Left alone

Who does nothing for six months loses their points, if they were told ten days before. The shop is in Santiago, where in the night to 6
September 2026 there is no midnight: the clock goes from 23:59:59 to 01:00. Ada was here on 5 March, is told and comes back a second too late. Bob was
here on the last day of August, and February has no 31st. Cleo is told as well and never reads it. Dora comes in time.

```yaml
regulars: 1
program: left-alone
name: Left alone
currency: EUR
zone: America/Santiago
wallets:
  points: {notice: {days: 10}, inactivity: {after: 6 months}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When                | Who   | What             | Answer            | Has       | Told                                                                         |
|---------------------|-------|------------------|-------------------|-----------|------------------------------------------------------------------------------|
| 2026-03-05 14:00    | Ada   | joins            |                   |           | member.joined                                                                |
| 14:00               | Bob   | joins            |                   |           | member.joined                                                                |
| 14:00               | Cleo  | joins            |                   |           | member.joined                                                                |
| 14:00               | Dora  | joins            |                   |           | member.joined                                                                |
| 14:01               | Ada   | buys 40.00 as R1 | 40 points         | 40 points | points.earned                                                                |
| 14:02               | Cleo  | buys 40.00 as R2 | 40 points         | 40 points | points.earned                                                                |
| 14:03               | Dora  | buys 40.00 as R3 | 40 points         | 40 points | points.earned                                                                |
| 2026-08-16 23:59:59 | night | falls            |                   |           |                                                                              |
| 2026-08-17 00:00    | night | falls            |                   |           | points.lapse_soon Ada, points.lapse_soon Cleo, points.lapse_soon Dora        |
| 2026-08-26 23:59:59 | Ada   | reads            |                   | 40 points |                                                                              |
| 23:59:59            | Dora  | reads            |                   | 40 points |                                                                              |
| 2026-08-31 20:00    | Bob   | buys 40.00 as R4 | 40 points         | 40 points | points.earned                                                                |
| 2026-09-05 23:59:59 | night | falls            |                   |           |                                                                              |
| 23:59:59            | Ada   | looks            |                   | 40 points |                                                                              |
| 23:59:59            | Dora  | takes cup        | captured          | 10 points | reward.held, reward.captured                                                 |
| 2026-09-06 01:00    | Ada   | buys 5.00 as R5  | 5 points          | 5 points  | points.expired, points.earned                                                |
| 01:00               | night | falls            |                   |           |                                                                              |
| 01:00               | Dora  | looks            |                   | 10 points |                                                                              |
| 2027-02-09 00:00    | night | falls            |                   |           | points.lapse_soon Bob                                                        |
| 2027-02-18 23:59:59 | Bob   | reads            |                   | 40 points |                                                                              |
| 2027-02-28 23:59:59 | Bob   | looks            |                   | 40 points |                                                                              |
| 2027-03-01 00:00    | night | falls            |                   |           | points.lapse_soon Ada, points.expired Bob, points.lapse_soon Dora            |
| 00:00               | Bob   | takes cup        | not_enough_points | nothing   |                                                                              |
| 00:00               | Cleo  | looks            |                   | 40 points |                                                                              |
