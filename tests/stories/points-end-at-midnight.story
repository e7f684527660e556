Points end at midnight of the shop, not of the computer

Points live twelve months, to the end of that month: those of 2 March 2026 are gone on 1 April 2027
at 00:00 in Berlin, which is 22:00 the evening before by the world's clock. Nobody has to sweep:
one second later they cannot be spent, and the night that comes after finds nothing left to do.

Program: coffee-shop

| When                | Who   | What                  | Answer            | Has                   | Told           |
|---------------------|-------|-----------------------|-------------------|-----------------------|----------------|
| 2026-03-02 08:00    | Ada   | joins                 |                   |                       | member.joined  |
| 08:01               | Ada   | buys 250.00 as R1     | 250 points        | 250 points            | points.earned  |
| 2026-04-01 08:00    | Ada   | buys 10.00 as R2      | 10 points         | 260 points            | points.earned  |
| 2027-03-31 23:59:59 | night | falls                 |                   |                       |                |
| 23:59:59            | Ada   | takes free-coffee     | captured          | 160 points            | reward.held, reward.captured |
| 2027-04-01 00:00:01 | Ada   | takes free-coffee     | not_enough_points | 10 points             | points.expired |
| 00:00:02            | night | falls                 |                   |                       |                |
| 2027-04-30 23:59:59 | Ada   | looks                 |                   |                       |                |
| 2027-05-01 00:00    | night | falls                 |                   |                       | points.expired Ada |
| 00:00               | Ada   | looks                 |                   | nothing               |                |
