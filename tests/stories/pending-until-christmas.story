Saved up for Christmas

All autumn long points gather and nobody can touch them until 24 December begins in Berlin. From then on
what is earned can be spent at once. A purchase of autumn that is told late is told too late to wait.

```yaml
regulars: 1
program: advent
name: Advent
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt, pending: {until: date, on: 2026-12-24}, expiry: {after: 1 week, round_up_to: none}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When                | Who   | What                                  | Answer            | Has                          | Told                               |
|---------------------|-------|---------------------------------------|-------------------|------------------------------|------------------------------------|
| 2026-10-01 10:00    | Ada   | joins                                 |                   |                              | member.joined                      |
| 10:00               | Ada   | buys 40.00 as R1                      | 40 points         | 40 pending points            | points.earned                      |
| 10:01               | Ada   | gets 5 points: welcome                | nothing           | 5 points, 40 pending points  | points.adjusted                    |
| 2026-12-23 23:59:59 | Ada   | takes cup                             | not_enough_points | 40 pending points            | points.expired                     |
| 2026-12-24 00:00    | Ada   | takes cup                             | captured          | 10 points                    | points.activated, reward.held, reward.captured |
| 12:00               | Ada   | buys 1.00 as R2                       | 1 points          | 11 points                    | points.earned                      |
| 12:01               | Ada   | buys 2.00 as R3 on 2026-12-01 09:00   | 2 points          | 13 points                    | points.earned                      |
| 12:02               | Ada   | gives back R1                         | -40 points        | 27 owed points               | points.returned                    |
| 2026-12-31 00:00    | night | falls                                 |                   |                              |                                    |
