A year at the café

A cake and then the rest go back, and with them what they gave. Nine coffees are nine stamps and the tenth coffee;
100 points are another. Five points are left over and end with March 2027.

Program: coffee-shop

| When                | Who   | What                              | Answer               | Has                 | Told                         |
|---------------------|-------|-----------------------------------|----------------------|---------------------|------------------------------|
| 2026-03-02 08:00    | Ada   | joins                             |                      |                     | member.joined                |
| 08:01               | Ada   | buys 2 coffee 7.80, cake 4.50 as R1 | 12 points, 2 stamps | 12 points, 2 stamps | points.earned               |
| 09:00               | Ada   | gives back 1 cake of R1           | -5 points            | 7 points, 2 stamps  | points.returned              |
| 09:01               | Ada   | gives back R1                     | -7 points, -2 stamps | nothing             | points.returned              |
| 2026-03-10 08:00    | Ada   | buys 9 coffee 35.10 as R2         | 35 points, 9 stamps  | 35 points, 9 stamps | points.earned                |
| 08:01               | Ada   | takes free-coffee                 | not_enough_points    |                     |                              |
| 08:02               | Ada   | takes tenth-coffee-free           | captured             | 35 points           | reward.held, reward.captured |
| 2026-03-11 15:00    | Ada   | buys 2 cake 70.00 as R3           | 70 points            | 105 points          | points.earned                |
| 15:01               | Ada   | takes free-coffee                 | captured             | 5 points            | reward.held, reward.captured |
| 2027-03-31 23:59:59 | night | falls                             |                      |                     |                              |
| 2027-04-01 00:00    | night | falls                             |                      |                     | points.expired Ada           |
| 00:00               | Ada   | looks                             |                      | nothing             |                              |
