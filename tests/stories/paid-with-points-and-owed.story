Paid with points and owed: what comes back pays the debt

Ada pays with points, then brings back what gave her those points and owes them. When the sale she
paid for comes back as well, half of it, what comes back pays what she owes before she can spend it.

```yaml
regulars: 1
program: owed
name: Owed
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: cup, on: purchase, wallet: points, award: {give: per_item, points: 50, categories: [coffee]}}
rewards:
  - {id: voucher, name: Five off, price: {points: 60}}
```

| When             | Who | What                                    | Answer     | Has            | Told            |
|------------------|-----|-----------------------------------------|------------|----------------|-----------------|
| 2026-03-02 08:00 | Ada | joins                                   |            |                | member.joined   |
| 08:01            | Ada | buys 2 coffee 100.00 as R1              | 100 points | 100 points     | points.earned   |
| 08:02            | Ada | takes voucher as V                      | captured   | 40 points      | reward.held, reward.captured |
| 08:03            | Ada | buys 2 mug 30.00 paying 5.00 with V as R2 | nothing  | 40 points      |                 |
| 08:04            | Ada | gives back 1 coffee of R1               | -50 points | 10 owed points | points.returned |
| 08:05            | Ada | gives back 1 mug of R2                  | nothing    | 20 points      | points.returned |
| 08:06            | Ada | gives back R2                           | nothing    | 50 points      | points.returned |
