Half of a sale comes back, and of each kind of points half goes

A point per euro lives twelve months, and the campaign's double ends on Epiphany. When half of a sale comes back, half of each
goes, not all of the one that lives longest. What lapsed already is set against its own part alone.

```yaml
regulars: 1
program: halves
name: Halves
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 12 months}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: advent, on: purchase, wallet: points, award: {give: multiply, by: 2},
     from_on: 2026-12-01, until_on: 2026-12-25, ends_on: 2027-01-06}
```

| When                | Who   | What                     | Answer      | Has        | Told               |
|---------------------|-------|--------------------------|-------------|------------|--------------------|
| 2026-12-10 10:00    | Ada   | joins                    |             |            | member.joined      |
| 10:01               | Ada   | buys 2 mug 100.00 as R1  | 200 points  | 200 points | points.earned      |
| 2026-12-11 10:00    | Ada   | gives back 1 mug of R1   | -100 points | 100 points | points.returned    |
| 10:01               | Ben   | joins                    |             |            | member.joined      |
| 10:02               | Ben   | buys 2 mug 100.00 as R2  | 200 points  | 200 points | points.earned      |
| 2027-01-06 00:00    | night | falls                    |             |            | points.expired Ada, points.expired Ben |
| 00:01               | Ada   | looks                    |             | 50 points  |                    |
| 00:02               | Ben   | looks                    |             | 100 points |                    |
| 2027-01-07 10:00    | Ben   | gives back 1 mug of R2   | -100 points | 50 points  | points.returned    |
| 10:01               | Ben   | gives back 1 mug of R2   | -100 points | nothing    | points.returned    |
| 10:02               | Ada   | gives back 1 mug of R1   | -100 points | nothing    | points.returned    |
