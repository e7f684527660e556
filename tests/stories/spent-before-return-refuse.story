Spent before it came back: not taken

This shop takes no return whose points were spent. With enough points again it does. Points that are
only reserved were not spent: who lets the reward go may bring it back. Where its time is over nobody
has to let it go.

```yaml
regulars: 1
program: spent
name: Spent
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: refuse}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When             | Who | What                | Answer               | Has       | Told            |
|------------------|-----|---------------------|----------------------|-----------|-----------------|
| 2026-03-02 08:00 | Ada | joins               |                      |           | member.joined   |
| 08:01            | Ada | buys 40.00 as R1    | 40 points            | 40 points | points.earned   |
| 08:02            | Ada | takes cup           | captured             | 10 points | reward.held, reward.captured |
| 09:00            | Ada | gives back R1 as B1 | points_already_spent |           |                 |
| 09:01            | Ada | buys 35.00 as R2    | 35 points            | 45 points | points.earned   |
| 09:02            | Ada | gives back R1 as B1 | -40 points           | 5 points  | points.returned |
| 09:03            | Ada | buys 30.00 as R3    | 30 points            | 35 points | points.earned   |
| 09:04            | Ada | reserves cup as H   | held                 | 5 points, 30 held points | reward.held |
| 09:05            | Ada | gives back R3 as B3 | points_reserved      |           |                 |
| 09:06            | Ada | lets go H           | voided               | 35 points | reward.voided   |
| 09:07            | Ada | gives back R3 as B3 | -30 points           | 5 points  | points.returned |
| 10:00            | Ada | buys 30.00 as R4    | 30 points            | 35 points | points.earned   |
| 10:01            | Ada | reserves cup as K   | held                 | 5 points, 30 held points | reward.held |
| 10:02            | Ada | gives back R4 as B4 | points_reserved      |           |                 |
| 10:30            | Ada | gives back R4 as B4 | -30 points           | 5 points  | reward.lapsed, points.returned |
