The last one for two

There are two mugs. Two members ask for the last one at the same moment, each at another till:
exactly one gets it. One that is let go stands on the shelf again.

```yaml
regulars: 1
program: mugs
name: Mugs
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: mug, name: A mug, price: {points: 30}, stock: 2}
```

| When             | Who         | What               | Answer                 | Has       | Told          |
|------------------|-------------|--------------------|------------------------|-----------|---------------|
| 2026-03-02 08:00 | Ada         | joins              |                        |           | member.joined |
| 08:00            | Ben         | joins              |                        |           | member.joined |
| 08:00            | Cem         | joins              |                        |           | member.joined |
| 08:01            | Ada         | buys 40.00         | 40 points              | 40 points | points.earned |
| 08:01            | Ben         | buys 40.00         | 40 points              | 40 points | points.earned |
| 08:01            | Cem         | buys 70.00         | 70 points              | 70 points | points.earned |
| 08:02            | Cem         | reserves mug as C  | held                   | 40 points, 30 held points | reward.held |
| 08:03            | Ada and Ben | takes mug          | captured, out_of_stock | ?         | reward.held, reward.captured |
| 08:04            | Cem         | reserves mug as D  | out_of_stock           |           |               |
| 08:05            | Cem         | lets go C          | voided                 | 70 points | reward.voided |
| 08:06            | Cem         | takes mug          | captured               | 40 points | reward.held, reward.captured |
