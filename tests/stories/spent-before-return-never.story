Spent before it came back: what is gone is gone

The shop takes back what is still there and never more; nobody falls below zero.

```yaml
regulars: 1
program: spent
name: Spent
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: never}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When             | Who | What              | Answer     | Has       | Told            |
|------------------|-----|-------------------|------------|-----------|-----------------|
| 2026-03-02 08:00 | Ada | joins             |            |           | member.joined   |
| 08:01            | Ada | buys 40.00 as R1  | 40 points  | 40 points | points.earned   |
| 08:02            | Ada | takes cup         | captured   | 10 points | reward.held, reward.captured |
| 09:00            | Ada | gives back R1     | -40 points | nothing   | points.returned |
| 09:01            | Ada | buys 5.00 as R2   | 5 points   | 5 points  | points.earned   |
