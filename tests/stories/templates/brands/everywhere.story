What one does counts as much as what one buys

Energy makes the tiers and is never spent: workouts, events, purchases anywhere, the first one in the app. Points pay
for a plan, and 500 of them become a voucher by themselves. What goes back takes both along, but nobody falls in the middle of a year.

Program: everywhere

| When                | Who   | What                              | Answer                | Has                    | Tier    | Told                         |
|---------------------|-------|-----------------------------------|-----------------------|------------------------|---------|------------------------------|
| 2026-01-05 09:00    | Ada   | joins                             |                       |                        | starter | member.joined, tier.changed  |
| 09:05               | Ada   | buys 60.00 as R1 by web           | 30 energy, 60 points  | 30 energy, 60 points   |         | points.earned                |
| 2026-01-06 07:00    | Ada   | does workout by app               | 5 energy              | 35 energy, 60 points   |         | points.earned                |
| 19:00               | Ada   | does workout by app               | nothing               |                        |         |                              |
| 2026-01-07 10:00    | Ada   | buys shoe 120.00, 2 socks 18.00 as R2 by app | 94 energy, 138 points | 129 energy, 198 points | mover | points.earned, tier.changed |
| 10:01               | Ada   | uses free-delivery by store       | not_here              |                        |         |                              |
| 10:02               | Ada   | uses free-delivery by web         | used                  |                        |         | benefit.used                 |
| 2026-01-10 18:00    | Ada   | does event at rivoli              | 40 energy             | 169 energy, 198 points |         | points.earned                |
| 18:01               | Ada   | uses expert-session at rivoli     | tier_too_low          |                        |         |                              |
| 2026-01-20 10:00    | Ada   | gives back 1 socks of R2          | -5 energy, -9 points  | 164 energy, 189 points |         | points.returned              |
| 10:01               | Ada   | gives back R1                     | -30 energy, -60 points | 134 energy, 129 points |        | points.returned              |
| 10:01               | Ada   | uses free-returns                 | used                  |                        |         | benefit.used                 |
| 10:02               | Ada   | takes plan                        | captured              | 134 energy, 29 points  |         | reward.held, reward.captured |
| 10:03               | Ada   | takes ten-off                     | not_enough_points     |                        |         |                              |
| 2026-02-01 12:00    | Ada   | buys 540.00 as R3 at rivoli by store | 270 energy, 540 points | 404 energy, 569 points | pro  | points.earned, tier.changed  |
| 12:01               | Ada   | uses expert-session at rivoli     | used, 1 left          |                        |         | benefit.used                 |
| 12:01               | night | takes what is due                 |                       |                        |         | reward.held Ada, reward.captured Ada |
| 12:02               | Ada   | shows code of ten-off             | used                  | 404 energy, 69 points  |         | code.used                    |
| 2027-02-28 23:59:59 | night | falls                             |                       |                        |         |                              |
| 2027-03-01 00:00    | night | falls                             |                       |                        |         | points.expired Ada           |
| 00:00               | Ada   | looks                             |                       | 404 energy             |         |                              |
| 2028-01-01 00:00    | night | falls                             |                       |                        |         | tier.changed Ada             |
| 00:00               | Ada   | looks                             |                       | 404 energy             | starter |                              |
