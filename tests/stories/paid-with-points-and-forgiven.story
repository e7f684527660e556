Paid with points, owed and forgiven: what comes back after that is hers

Ada brings back what gave her the points that she had paid with, and owes them. Half of what she owes is paid by half of what she paid for,
when that comes back. The rest is forgiven: it is not owed any more, so what comes back later pays nothing and can be spent.

```yaml
regulars: 1
program: forgiven
name: Forgiven
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt, write_off_after: 30 days}
rules:
  - {id: cup, on: purchase, wallet: points, award: {give: per_item, points: 50, categories: [coffee]}}
rewards:
  - {id: voucher, name: Five off, price: {points: 60}}
```

| When             | Who   | What                                      | Answer      | Has            | Told            |
|------------------|-------|-------------------------------------------|-------------|----------------|-----------------|
| 2026-03-02 08:00 | Ada   | joins                                     |             |                | member.joined   |
|                  | Ben   | joins                                     |             |                | member.joined   |
| 08:01            | Ada   | buys 2 coffee 100.00 as R1                | 100 points  | 100 points     | points.earned   |
| 08:02            | Ada   | takes voucher as V                        | captured    | 40 points      | reward.held, reward.captured |
| 08:03            | Ada   | buys 3 mug 30.00 paying 5.00 with V as R2 | nothing     | 40 points      |                 |
| 08:04            | Ada   | gives back R1                             | -100 points | 60 owed points | points.returned |
| 08:05            | Ada   | gives back 1 mug of R2                    | nothing     | 40 owed points | points.returned |
| 2026-04-01 08:03 | night | falls                                     |             |                |                 |
| 2026-04-01 08:05 | night | falls                                     |             |                | points.written_off Ada |
|                  | Ada   | looks                                     |             | nothing        |                 |
| 09:00            | Ada   | gives back 1 mug of R2                    | nothing     | 20 points      | points.returned |
| 09:01            | Ada   | gives back R2                             | nothing     | 40 points      | points.returned |
| 09:02            | Ben   | buys 1 coffee 50.00 as R3                 | 50 points   | 50 points      | points.earned   |
| 09:03            | Ben   | loses 20 points: spent elsewhere          |             | 30 points      | points.adjusted |
| 09:04            | Ben   | gives back R3                             | -50 points  | 20 owed points | points.returned |
| 09:05            | Ben   | is forgiven points                        |             | nothing        | points.written_off |
