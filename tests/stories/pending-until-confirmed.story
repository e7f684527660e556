A booking counts when it was travelled

Points of a booking wait until somebody says that the journey was made. Confirming twice is once;
what was cancelled stays cancelled, and what nobody confirms in thirty days is cancelled by the clock.
A year of life begins with the confirmation.

```yaml
regulars: 1
program: journeys
name: Journeys
currency: EUR
zone: Europe/Berlin
wallets:
  points: {pending: {until: event, cancel_after: 30 days}, expiry: {after: 1 year, round_up_to: none}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: seat, name: A seat, price: {points: 30}}
```

| When                | Who   | What                | Answer            | Has                           | Told                        |
|---------------------|-------|---------------------|-------------------|-------------------------------|-----------------------------|
| 2026-05-01 10:00    | Ada   | joins               |                   |                               | member.joined               |
| 10:00               | Ada   | buys 40.00 as R1    | 40 points         | 40 pending points             | points.earned               |
| 10:01               | Ada   | buys 50.00 as R2    | 50 points         | 90 pending points             | points.earned               |
| 10:02               | Ada   | buys 60.00 as R3    | 60 points         | 150 pending points            | points.earned               |
| 10:03               | Ada   | takes seat          | not_enough_points |                               |                             |
| 10:04               | Ada   | has confirmed R9    | not_found         |                               |                             |
| 2026-05-10 10:00    | Ada   | has confirmed R1    | 40 points         | 40 points, 110 pending points | points.activated            |
| 10:01               | Ada   | has confirmed R1    | nothing           |                               |                             |
| 10:02               | Ada   | has cancelled R1    | already_confirmed |                               |                             |
| 10:03               | Ada   | takes seat          | captured          | 10 points, 110 pending points | reward.held, reward.captured |
| 10:04               | Ada   | has cancelled R2    | 50 points         | 10 points, 60 pending points  | points.cancelled            |
| 10:05               | Ada   | has cancelled R2    | nothing           |                               |                             |
| 10:06               | Ada   | has confirmed R2    | already_cancelled |                               |                             |
| 2026-05-31 10:01:59 | night | falls               |                   |                               |                             |
| 10:01:59            | Ada   | looks               |                   | 10 points, 60 pending points  |                             |
| 10:02               | Ada   | has confirmed R3    | already_cancelled | 10 points                     | points.cancelled            |
| 10:03               | night | falls               |                   |                               |                             |
| 10:04               | Ada   | gives back R3       | -60 points        | 10 points                     | points.returned             |
| 10:05               | Ada   | buys 9.00 as R4     | 9 points          | 10 points, 9 pending points   | points.earned               |
| 2026-06-30 10:05    | night | falls               |                   |                               | points.cancelled Ada        |
| 10:05               | Ada   | looks               |                   | 10 points                     |                             |
| 2027-05-10 09:59:59 | night | falls               |                   |                               |                             |
| 10:00               | night | falls               |                   |                               | points.expired Ada          |
