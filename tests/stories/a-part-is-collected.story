A part is collected and the rest goes back

A tasting for 20 points and 2 stamps is reserved for two; one of them comes. What is not collected
goes back to the very points it came from, with the end they had.

```yaml
regulars: 1
program: tasting
name: Tasting
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
  stamps: {kind: stamps}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: cup, on: purchase, wallet: stamps, award: {give: per_item, points: 1, categories: [coffee]}}
rewards:
  - {id: tasting, name: A tasting, price: {points: 20, stamps: 2}, hold_for: 1 day}
```

| When             | Who   | What                              | Answer   | Has                                         | Told            |
|------------------|-------|-----------------------------------|----------|---------------------------------------------|-----------------|
| 2026-03-02 08:00 | Ada   | joins                             |          |                                             | member.joined   |
| 08:01            | Ada   | buys 2 coffee 15.00               | 15 points, 2 stamps | 15 points, 2 stamps              | points.earned   |
| 2026-03-05 08:01 | Ada   | buys coffee 10.00                 | 10 points, 1 stamps | 25 points, 3 stamps              | points.earned   |
| 08:02            | Ada   | reserves tasting as T             | held     | 5 points, 20 held points, 1 stamps, 2 held stamps | reward.held |
| 08:03            | Ada   | collects 21 points of T           | invalid  |                                             |                 |
| 08:04            | Ada   | collects 12 points, 1 stamps of T | captured | 13 points, 2 stamps                         | reward.captured |
| 2026-03-13 00:00 | night | falls                             |          |                                             | points.expired Ada |
| 00:01            | Ada   | looks                             |          | 10 points, 2 stamps                         |                 |
