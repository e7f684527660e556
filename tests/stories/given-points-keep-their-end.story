Ada gives Ben points that lapse on the 13th, and he gives them back on the 12th. Nobody wins a day:
on the 13th they are gone, wherever they are.

```yaml
regulars: 1
program: circle
name: Circle
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    expiry: {after: 10 days, round_up_to: day}
    negative: debt
    write_off_after: 30 days
    transfers: {at_least: 5, at_most: 100}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When             | Who   | What                    | Answer             | Has       | Told |
|------------------|-------|-------------------------|--------------------|-----------|------|
| 2026-03-02 12:00 | Ada   | joins                   |                    | nothing   | member.joined |
|                  | Ben   | joins                   |                    | nothing   | member.joined |
| 12:01            | Ada   | buys 40.00 as R1        | 40 points          | 40 points | points.earned |
| 12:02            | Ada   | gives 4 points to Ben   | too_few_points     | 40 points | |
| 12:03            | Ada   | gives 41 points to Ben  | not_enough_points  | 40 points | |
| 12:04            | Ada   | gives 30 points to Ben  |                    | 10 points | points.transferred, points.transferred Ben |
| 2026-03-12 23:58 | Ben   | gives 30 points to Ada  |                    | nothing   | points.transferred, points.transferred Ada |
| 23:59            | Ada   | looks                   |                    | 40 points | |
| 2026-03-13 00:00 | Ada   | takes cup               | not_enough_points  | nothing   | points.expired, points.expired |
