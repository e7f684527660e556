Cents are kept until they make a point

Ten purchases of 9.99 are one of 99.90: what is cut off stays with the member and is no loss. A
return takes its part of it back to the cent.

```yaml
regulars: 1
program: cents
name: Cents
currency: EUR
zone: Europe/Berlin
wallets:
  points: {rounding: {carry: true}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
```

| When             | Who | What              | Answer     | Has        | Told            |
|------------------|-----|-------------------|------------|------------|-----------------|
| 2026-03-02 08:00 | Ada | joins             |            |            | member.joined   |
| 08:01            | Ada | buys 9.99 as R1   | 9 points   | 9 points   | points.earned   |
| 08:02            | Ada | buys 0.02 as R2   | 1 points   | 10 points  | points.earned   |
| 08:03            | Ada | buys 0.99 as R3   | 1 points   | 11 points  | points.earned   |
| 08:04            | Ada | gives back R2     | -1 points  | 10 points  | points.returned |
| 08:05            | Ada | gives back R3     | -1 points  | 9 points   | points.returned |
| 08:06            | Ada | gives back R1     | -9 points  | nothing    | points.returned |
