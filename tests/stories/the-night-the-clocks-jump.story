The nights on which the clocks jump

On 29 March 2026 the hour from two to three does not exist in Berlin, on 25 October it comes twice.
The shop is open, and the early bird's rule is for the hours before four.

```yaml
regulars: 1
program: clocks
name: Clocks
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 1 day, round_up_to: none}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: early, on: purchase, wallet: points, award: {give: fixed, points: 5, stage: bonus}, when: {if: hour, from: 0, until: 4},
     limits: [{per: day, times: 1}]}
rewards:
  - {id: cup, name: A cup, price: {points: 1}}
```

| When                | Who | What              | Answer            | Has       | Told           |
|---------------------|-----|-------------------|-------------------|-----------|----------------|
| 2026-03-28 03:30    | Ada | joins             |                   |           | member.joined  |
| 03:30               | Ada | buys 10.00 as R1  | 15 points         | 15 points | points.earned  |
| 2026-03-29 01:59:59 | Ada | buys 1.00 as R2   | 6 points          | 21 points | points.earned  |
| 03:29:59            | Ada | takes cup         | captured          | 20 points | reward.held, reward.captured |
| 03:30               | Ada | takes cup         | captured          | 5 points  | points.expired, reward.held, reward.captured |
| 2026-10-25 01:30    | Ada | buys 1.00 as R3   | 6 points          | 11 points | points.earned  |
| 2026-10-26 01:29:59 | Ada | takes cup         | captured          | 5 points  | points.expired, reward.held, reward.captured |
| 01:30               | Ada | takes cup         | not_enough_points | nothing   | points.expired |
