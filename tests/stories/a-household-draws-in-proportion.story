A household draws in proportion

Each gives as much as they have of it all, two thirds Ben and one third Ada. What pays is what ends
soonest of what Ada then has, so that in her hands a part of Ben's points takes the place of hers,
with the end they had with Ben. When her sale comes back all that paid comes back to her, who took the
reward, each point to the end it had.

```yaml
regulars: 1
program: in-proportion
name: In proportion
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: voucher, name: Three off, price: {points: 30}}
household: {most_members: 3, draws: proportional}
```

| When             | Who   | What                                | Answer    | Has       | Told                                                           |
|------------------|-------|-------------------------------------|-----------|-----------|----------------------------------------------------------------|
| 2026-03-02 08:00 | Ada   | joins                               |           |           | member.joined                                                  |
|                  | Ben   | joins                               |           |           | member.joined                                                  |
| 08:01            | Ada   | buys 20.00 as A1                    | 20 points | 20 points | points.earned                                                  |
| 2026-03-04 08:00 | Ben   | buys 40.00 as B1                    | 40 points | 40 points | points.earned                                                  |
| 09:01            | Ada   | founds Acme                         |           |           | household.changed                                              |
| 09:02            | Ben   | enters Acme                         |           |           | household.changed                                              |
| 09:03            | Ada   | draws voucher from Acme as W        | captured  | 10 points | points.pooled Ben, points.pooled, reward.held, reward.captured |
|                  | Ben   | looks                               |           | 20 points |                                                                |
| 2026-03-05 09:00 | Ada   | buys 10.00 paying 3.00 with W as A2 | 7 points  | 17 points | points.earned                                                  |
| 09:05            | Ada   | gives back A2                       | -7 points | 40 points | points.returned                                                |
|                  | Ben   | looks                               |           | 20 points |                                                                |
| 2026-03-13 00:00 | night | falls                               |           |           | points.expired Ada                                             |
|                  | Ada   | looks                               |           | 20 points |                                                                |
| 2026-03-15 00:00 | night | falls                               |           |           | points.expired Ada, points.expired Ben                         |
