Points keep the worth they were earned with, until the day that was promised

From June a mug costs 150 points instead of 100, and 200 points pay what 100 paid. Who collected
before keeps the old worth until Christmas: each of their points buys and pays by it, and newer ones
fill up what is missing at the new price. September makes everything dearer and promises nothing;
what June promised holds all the same.

```yaml
regulars: 1
program: worthy
name: Worthy
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: mug, name: A mug, price: {points: 100}, worth: "1.00"}
paying: {wallet: points, points: 100, per: "1.00", step: 10}
```

```yaml June
regulars: 1
program: worthy
name: Worthy
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: mug, name: A mug, price: {points: 150}, worth: "1.00"}
paying: {wallet: points, points: 200, per: "1.00", step: 10}
changeover: {worth: keep, worth_until_on: 2026-12-25}
```

```yaml September
regulars: 1
program: worthy
name: Worthy
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: mug, name: A mug, price: {points: 200}, worth: "1.00"}
paying: {wallet: points, points: 400, per: "1.00", step: 10}
```

| When             | Who  | What                                                             | Answer            | Has        | Told                         |
|------------------|------|------------------------------------------------------------------|-------------------|------------|------------------------------|
| 2026-05-04 12:00 | Ada  | joins                                                            |                   |            | member.joined                |
| 12:00            | Ben  | joins                                                            |                   |            | member.joined                |
| 12:05            | Ada  | buys 300.00 as A1                                                | 300 points        | 300 points | points.earned                |
| 12:06            | Ben  | buys 250.00 as B1                                                | 250 points        | 250 points | points.earned                |
| 12:10            | shop | publishes June from 2026-06-01 00:00                             |                   |            |                              |
| 2026-06-02 12:00 | Ada  | buys 100.00 as A2                                                | 100 points        | 400 points | points.earned                |
| 12:01            | Ada  | takes mug                                                        | captured          | 300 points | reward.held, reward.captured |
| 12:02            | Ada  | spends 3.00 of 10.00                                             | not_enough_points |            |                              |
| 12:03            | Ada  | spends 1.50 of 10.00 as P                                        | captured          | 150 points | reward.held, reward.captured |
| 12:04            | Ada  | takes mug                                                        | captured          | 25 points  | reward.held, reward.captured |
| 12:05            | Ada  | buys 10.00 paying 1.50 with P as A3                              | 8 points          | 33 points  | points.earned                |
| 12:06            | Ada  | gives back A3                                                    | -8 points         | 175 points | points.returned              |
| 12:07            | Ada  | takes mug                                                        | captured          | 75 points  | reward.held, reward.captured |
| 2026-08-31 12:00 | shop | publishes September from 2026-09-01 00:00 accepting worth:points |                   |            |                              |
| 2026-09-02 12:00 | Ada  | takes mug                                                        | not_enough_points |            |                              |
| 12:01            | Ada  | buys 100.00 as A4                                                | 100 points        | 175 points | points.earned                |
| 12:02            | Ada  | takes mug                                                        | captured          | 25 points  | reward.held, reward.captured |
| 2026-12-24 23:59 | Ben  | takes mug                                                        | captured          | 150 points | reward.held, reward.captured |
| 2026-12-25 00:00 | Ben  | takes mug                                                        | not_enough_points | 150 points |                              |
