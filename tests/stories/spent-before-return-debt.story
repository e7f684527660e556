Spent before it came back: it is owed

What cannot be taken is owed. New points pay it first, and nothing can be had while points are owed.

```yaml
regulars: 1
program: spent
name: Spent
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When             | Who | What              | Answer     | Has            | Told            |
|------------------|-----|-------------------|------------|----------------|-----------------|
| 2026-03-02 08:00 | Ada | joins             |            |                | member.joined   |
| 08:01            | Ada | buys 40.00 as R1  | 40 points  | 40 points      | points.earned   |
| 08:02            | Ada | takes cup         | captured   | 10 points      | reward.held, reward.captured |
| 09:00            | Ada | gives back R1     | -40 points | 30 owed points | points.returned |
| 09:01            | Ada | takes cup         | debt_first |                |                 |
| 09:02            | Ada | buys 12.00 as R2  | 12 points  | 18 owed points | points.earned   |
| 09:03            | Ada | buys 50.00 as R3  | 50 points  | 32 points      | points.earned   |
| 09:04            | Ada | takes cup         | captured   | 2 points       | reward.held, reward.captured |
