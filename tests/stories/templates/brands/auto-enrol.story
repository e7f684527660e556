Every account is a member

Ada makes an account and is a member. The account and the newsletter give points once; reviews, a friend who names her code and keeps
what they bought, and purchases give more, on her birthday twice. A gift card pays for an order, and
is whole again when that goes back. The sale opens for members before everybody.

Program: auto-enrol

| When                | Who   | What                              | Answer            | Has        | Told                         |
|---------------------|-------|-----------------------------------|-------------------|------------|------------------------------|
| 2026-03-02 09:00    | Ada   | joins with birthday=1990-03-20    |                   |            | member.joined                |
| 09:00               | Ada   | does sign-up                      | 50 points         | 50 points  | points.earned                |
| 09:01               | Ada   | does newsletter                   | 25 points         | 75 points  | points.earned                |
| 09:02               | Ada   | does newsletter                   | nothing           |            |                              |
| 09:03               | Ada   | buys hoodie 55.00, 2 socks 12.00 as R1 by web | 67 points | 142 points | points.earned            |
| 2026-03-10 20:00    | Ada   | does review with rating=2         | 15 points         | 157 points | points.earned                |
| 20:01               | Ada   | takes five-off                    | not_enough_points |            |                              |
| 2026-03-12 20:00    | Ben   | joins                             |                   |            | member.joined                |
| 20:01               | Ada   | names Ada                         | rejected: oneself |            | referral.rejected            |
| 20:01               | Ben   | names Ada                         | named             |            | referral.named Ada           |
| 20:02               | Ben   | buys hoodie 55.00 as B1 by web    | 55 points         | 55 points  | points.earned                |
| 2026-03-20 23:59    | Ada   | buys 30.00 as R2 by app           | 60 points         | 217 points | points.earned                |
| 2026-03-21 00:00    | Ada   | buys 30.00 as R3 by app           | 30 points         | 247 points | points.earned                |
| 2026-03-25 10:00    | Ada   | gives back 1 socks of R1          | -6 points         | 241 points | points.returned              |
| 10:01               | Ada   | gives back R2                     | -60 points        | 181 points | points.returned              |
| 2026-04-12 00:00    | night | falls                             |                   |            | referral.qualified Ada, points.adjusted Ada, referral.rewarded Ada |
| 10:02               | Ada   | takes five-off                    | captured          | 81 points  | reward.held, reward.captured |
| 10:03               | Ada   | gets 25.00 gift: gift card 0017   |                   | 25.00 gift, 81 points | points.adjusted   |
| 10:04               | Ada   | spends 15.00 of 20.00 from gift as G | captured       | 10.00 gift, 81 points | reward.held, reward.captured |
| 10:05               | Ada   | buys tee 20.00 paying 15.00 with G as R4 by web | 20 points | 10.00 gift, 101 points | points.earned |
| 10:06               | Ada   | gives back R4                     | -20 points        | 25.00 gift, 81 points | points.returned   |
| 2026-04-20 10:00    | Ben   | gives back B1                     | -55 points        | nothing    | points.returned              |
| 2026-04-21 00:00    | night | falls                             |                   |            | points.adjusted Ada, referral.retracted Ada |
| 00:00               | Ada   | looks                             |                   | 25.00 gift |                              |
| 2026-11-23 23:59:59 | Ada   | uses first-look by web            | not_now           |            |                              |
| 2026-11-24 00:00    | Ada   | uses first-look by web            | used              |            | benefit.used                 |
| 2027-03-31 23:59:59 | night | falls                             |                   |            |                              |
| 2027-04-01 00:00    | night | falls                             |                   |            |  |
| 00:00               | Ada   | looks                             |                   | 25.00 gift |                              |
| 2027-04-02 10:00    | Zoe   | joins                             |                   |            | member.joined                |
| 10:01               | Zoe   | gets 950 points: won at our fair  |                   | 950 points | points.adjusted              |
| 10:02               | Zoe   | takes ten-off                     | captured          | 400 points | reward.held, reward.captured |
| 10:03               | Zoe   | takes tote                        | captured          | nothing    | reward.held, reward.captured |
