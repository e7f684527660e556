So much at once

Whatever rules give it, one purchase gives at most so much. What comes back takes only what is then
less than that; the next purchase begins anew, and so does everybody else's. A wallet may say that
more than so much gives nothing at all.

```yaml
regulars: 1
program: at-once
name: At once
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points}
  cents: {name: Cents, rounding: {carry: true}}
  hearts: {name: Hearts}
stacking: {base: sum}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: gift, on: purchase, wallet: points, award: {give: fixed, points: 30, stage: bonus}}
  - {id: half, on: purchase, wallet: cents, award: {give: per_amount, points: 1, per: "2.00"}}
  - {id: heart, on: purchase, wallet: hearts, award: {give: per_amount, points: 1, per: "10.00"}}
budgets:
  - {id: at-once, wallet: points, per: activity, points: 100}
  - {id: cents-at-once, wallet: cents, per: activity, points: 40}
  - {id: hearts-at-once, wallet: hearts, per: activity, points: 9, on_exceed: reject}
```

| When             | Who | What                           | Answer                         | Has                             | Told            |
|------------------|-----|--------------------------------|--------------------------------|---------------------------------|-----------------|
| 2026-03-02 08:00 | Ada | joins                          |                                |                                 | member.joined   |
| 08:00            | Ben | joins                          |                                |                                 | member.joined   |
| 08:01            | Ada | buys 50.00 as A                | 25 cents, 5 hearts, 80 points  | 25 cents, 5 hearts, 80 points   | points.earned   |
| 08:02            | Ada | buys 10 coffee 200.00 as B     | 40 cents, 100 points           | 65 cents, 5 hearts, 180 points  | points.earned   |
| 08:03            | Ben | buys 100.00 as C               | 40 cents, 100 points           | 40 cents, 100 points            | points.earned   |
| 2026-03-03 08:00 | Ada | gives back 5 coffee of B as B1 |                                | 65 cents, 5 hearts, 180 points  | points.returned |
| 08:01            | Ada | gives back 3 coffee of B as B2 | -20 cents, -30 points          | 45 cents, 5 hearts, 150 points  | points.returned |
| 08:02            | Ada | gives back 2 coffee of B as B3 | -20 cents, -70 points          | 25 cents, 5 hearts, 80 points   | points.returned |
| 08:03            | Ada | buys 90.00 as D                | 40 cents, 9 hearts, 100 points | 65 cents, 14 hearts, 180 points | points.earned   |
