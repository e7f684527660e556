Paid with points: what counts is what the terms say

Points are earned on what was paid with money; stars on all that was bought, also what points paid
for. Who brings a part back loses the part of each.

```yaml
regulars: 1
program: gross
name: Gross and net
currency: EUR
zone: Europe/Berlin
qualifying:
  standard: {}
  everything: {points_paid: in}
wallets:
  points: {}
  stars: {}
rules:
  - {id: net, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: gross, on: purchase, wallet: stars, award: {give: per_amount, points: 1, per: "1.00", qualifying: everything}}
rewards:
  - {id: voucher, name: Five off, price: {points: 50}}
```

| When             | Who   | What                                         | Answer              | Has                 | Told            |
|------------------|-------|----------------------------------------------|---------------------|---------------------|-----------------|
| 2026-03-02 08:00 | Ada   | joins                                        |                     |                     | member.joined   |
| 08:01            | Ada   | buys 60.00 as R1                             | 60 points, 60 stars | 60 points, 60 stars | points.earned   |
| 08:02            | Ada   | takes voucher as V                           | captured            | 10 points, 60 stars | reward.held, reward.captured |
| 08:03            | Ada   | buys 2 coffee 20.00 paying 5.00 with V as R2 | 15 points, 20 stars | 25 points, 80 stars | points.earned   |
| 08:04            | Ada   | gives back 1 coffee of R2                    | -8 points, -10 stars | 42 points, 70 stars | points.returned |
| 08:05            | Ada   | gives back R2                                | -7 points, -10 stars | 60 points, 60 stars | points.returned |
