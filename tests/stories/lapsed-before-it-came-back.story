What lapsed is not taken twice

Ada spent 30 of the 100 points of an old sale, and 70 lapsed. The sale comes back: 70 of its points
are gone already, so only the 30 she had the use of go back, from her newer points. Ben had half of
what lapsed of his again, out of courtesy: that half goes back with his sale.

```yaml
regulars: 1
program: lapsed
name: Lapsed
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
```

| When             | Who   | What               | Answer      | Has       | Told               |
|------------------|-------|--------------------|-------------|-----------|--------------------|
| 2026-03-02 08:00 | Ada   | joins              |             |           | member.joined      |
| 08:01            | Ada   | buys 100.00 as R1  | 100 points  | 100 points | points.earned     |
| 08:02            | Ada   | takes cup          | captured    | 70 points | reward.held, reward.captured |
| 08:03            | Ben   | joins              |             |           | member.joined      |
| 08:04            | Ben   | buys 100.00 as B1  | 100 points  | 100 points | points.earned     |
| 2026-03-13 08:00 | night | falls              |             |           | points.expired Ada, points.expired Ben |
| 08:01            | Ada   | buys 80.00 as R2   | 80 points   | 80 points | points.earned      |
| 08:02            | Ada   | gives back R1      | -100 points | 50 points | points.returned    |
| 08:03            | Ben   | has again 50 of B1 |             | 50 points | points.reinstated  |
| 08:04            | Ben   | gives back B1      | -100 points | nothing   | points.returned    |
