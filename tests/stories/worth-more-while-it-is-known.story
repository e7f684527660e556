Worth more while it is known

This shop gives at least ten points to whoever is likely to come again. What was reckoned of somebody counts for thirty days, by the day
of the purchase: a till that was cut off tells of yesterday what it would have told then. When it counts no longer, why says so.

```yaml
regulars: 1
program: likely
name: Likely
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - id: strong
    on: purchase
    wallet: points
    when: {if: member, attribute: value-health, in: [strong]}
    award: {give: fixed, points: 10}
```

| When             | Who | What                                 | Answer    | Has       | Told          |
|------------------|-----|--------------------------------------|-----------|-----------|---------------|
| 2026-03-02 08:00 | Ada | joins                                |           |           | member.joined |
| 08:01            | Ada | is reckoned strong of 2026-03-01     |           |           |               |
| 2026-03-31 09:00 | Ada | buys 5.00 as R1                      | 10 points | 10 points | points.earned |
|                  | Ada | is told why of R1                    | What the rules asked of the member was reckoned on 2026-03-01 (MBG/NBD). | | |
| 2026-04-01 09:00 | Ada | buys 5.00 as R2                      | 5 points  | 15 points | points.earned |
|                  | Ada | is told why of R2                    | What was reckoned of the member on 2026-03-01 (MBG/NBD) did not count: on that day it was more than 30 days old. | | |
| 09:05            | Ada | buys 5.00 as R3 on 2026-03-31 18:00  | 10 points | 25 points | points.earned |
