Points pay what was owed before they are spent

Ada owes for what she brought back, and then it turns out that she is Eve, who has points. Both stand side
by side, so that the two can be parted again. Whatever she takes first pays what is owed, if the rest is
enough; if it is not, nothing is paid, and she is told what is missing.

```yaml
regulars: 1
program: owing
name: Owing
currency: EUR
zone: Europe/Berlin
wallets:
  points: {negative: debt}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
  - {id: tote, name: A bag, price: {points: 45}}
```

| When             | Who   | What                | Answer            | Has       | Told            |
|------------------|-------|---------------------|-------------------|-----------|-----------------|
| 2026-03-02 08:00 | Eve   | joins               |                   |           | member.joined   |
|                  | Ada   | joins               |                   |           | member.joined   |
| 08:01            | Ada   | buys 40.00 as R1    | 40 points         | 40 points | points.earned   |
| 08:02            | Ada   | takes cup           | captured          | 10 points | reward.held, reward.captured |
| 08:03            | Ada   | gives back R1       | -40 points        | 30 owed points | points.returned |
| 08:04            | Eve   | buys 70.00          | 70 points         | 70 points | points.earned   |
| 08:05            | Ada   | takes cup           | debt_first        |           |                 |
| 2026-03-03 08:00 | Eve   | merges into Ada     |                   | 70 points, 30 owed points | member.merged, member.merged Ada |
| 08:01            | Ada   | takes tote          | not_enough_points | 70 points, 30 owed points |     |
| 08:02            | Ada   | takes cup           | captured          | 10 points | reward.held, reward.captured |
| 08:03            | Eve   | parts again         | spent_together    | 10 points |                 |
