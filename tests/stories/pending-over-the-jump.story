A wait that ends in the hour that is not there, and on leap day

On 29 March 2026 the clocks in Berlin jump from two to three. Points bought on the 28th at 02:30 wait one
day: 02:30 never comes, so it is read as if the clocks had not jumped yet, which is 03:30. On 25 October
02:30 comes twice; the first one ends the wait. A month after 31 January 2028 is leap day.

```yaml
regulars: 1
program: jumps
name: Jumps
currency: EUR
zone: Europe/Berlin
wallets:
  points: {pending: {until: duration, after: 1 day}}
  stars: {pending: {until: duration, after: 1 month}, expiry: {after: 1 year, round_up_to: none}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: star, on: visit, wallet: stars, award: {give: fixed, points: 1}}
rewards:
  - {id: cup, name: A cup, price: {points: 1}}
  - {id: sky, name: The sky, price: {stars: 1}}
```

| When                | Who   | What             | Answer            | Has                             | Told                                           |
|---------------------|-------|------------------|-------------------|---------------------------------|------------------------------------------------|
| 2026-03-28 02:30    | Ada   | joins            |                   |                                 | member.joined                                  |
| 02:30               | Ada   | buys 2.00        | 2 points          | 2 pending points                | points.earned                                  |
| 2026-03-29 03:29:59 | Ada   | takes cup        | not_enough_points | 2 pending points                |                                                |
| 03:30               | Ada   | takes cup        | captured          | 1 points                        | points.activated, reward.held, reward.captured |
| 2026-10-24 02:30    | Ada   | buys 3.00        | 3 points          | 1 points, 3 pending points      | points.earned                                  |
| 2026-10-25 02:30    | Ada   | takes cup        | captured          | 3 points                        | points.activated, reward.held, reward.captured |
| 2028-01-31 09:00    | Ada   | does visit       | 1 stars           | 3 points, 1 pending stars       | points.earned                                  |
| 2028-02-29 08:59:59 | Ada   | takes sky        | not_enough_points | 3 points, 1 pending stars       |                                                |
| 09:00               | night | falls            |                   |                                 | points.activated Ada                           |
| 09:00               | Ada   | looks            |                   | 3 points, 1 stars               |                                                |
| 2029-02-28 08:59:59 | night | falls            |                   |                                 |                                                |
| 09:00               | night | falls            |                   |                                 | points.expired Ada                             |
| 09:00               | Ada   | looks            |                   | 3 points                        |                                                |
