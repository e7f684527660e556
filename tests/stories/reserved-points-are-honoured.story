What is reserved is honoured past its end

The cake is reserved for three days; meanwhile the points behind it end. Whoever collects in time
gets it. What is let go comes back only as far as it still lives.

```yaml
regulars: 1
program: honoured
name: Honoured
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cake, name: A cake, price: {points: 30}, hold_for: 3 days}
```

| When             | Who   | What                | Answer      | Has                       | Told                 |
|------------------|-------|---------------------|-------------|---------------------------|----------------------|
| 2026-03-02 08:00 | Ada   | joins               |             |                           | member.joined        |
| 08:00            | Ben   | joins               |             |                           | member.joined        |
| 08:00            | Cem   | joins               |             |                           | member.joined        |
| 08:01            | Ada   | buys 40.00          | 40 points   | 40 points                 | points.earned        |
| 08:01            | Ben   | buys 40.00          | 40 points   | 40 points                 | points.earned        |
| 08:01            | Cem   | buys 40.00          | 40 points   | 40 points                 | points.earned        |
| 2026-03-11 12:00 | Ada   | reserves cake as A  | held        | 10 points, 30 held points | reward.held          |
| 12:00            | Ben   | reserves cake as B  | held        | 10 points, 30 held points | reward.held          |
| 12:00            | Cem   | reserves cake as C  | held        | 10 points, 30 held points | reward.held          |
| 2026-03-13 00:00 | night | falls               |             |                           | points.expired Ada, points.expired Ben, points.expired Cem |
| 12:00            | Ada   | looks               |             | 30 held points            |                      |
| 12:00            | Ada   | collects A          | captured    | nothing                   | reward.captured      |
| 12:00            | Ben   | lets go B           | voided      | nothing                   | reward.voided, points.expired |
| 2026-03-14 12:00 | Cem   | collects C          | hold_lapsed | 30 held points            |                      |
| 12:01            | night | falls               |             |                           | reward.lapsed Cem, points.expired Cem |
| 12:02            | Cem   | looks               |             | nothing                   |                      |
