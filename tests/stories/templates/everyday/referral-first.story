Friends bring friends

Ada brings Ben, Cem and Dan; a friend counts once they bought for 20.00 and kept it for a fortnight. The fourth of a month brings her
nothing, but the newcomer has theirs. Nobody brings themself. Ben gives all back in time and never counts; Cem's comes back later, and
the points of both go with it; three friends have stayed all the same, and the 500 for three stay, too. By three friends who stayed Ada is an
ambassador, who has the yearly box; when Dan's comes back as well there are two, and with the third the tier and the 500 go.

Program: referral-first

| When             | Who   | What                             | Answer            | Has                  | Told                | Tier       |
|------------------|-------|----------------------------------|-------------------|----------------------|---------------------|------------|
| 2026-03-02 10:00 | Ada   | joins                            |                   |                      | member.joined       | |
| 10:00            | Ben   | joins                            |                   |                      | member.joined       | |
| 10:00            | Cem   | joins                            |                   |                      | member.joined       | |
| 10:00            | Dan   | joins                            |                   |                      | member.joined       | |
| 10:00            | Eva   | joins                            |                   |                      | member.joined       | |
| 10:00            | Fay   | joins                            |                   |                      | member.joined       | |
| 10:01            | Ada   | names Ada                        | rejected: oneself |                      | referral.rejected   | |
| 10:02            | Ben   | names Ada                        | named             |                      | referral.named Ada  | |
| 10:02            | Cem   | names Ada                        | named             |                      | referral.named Ada  | |
| 10:02            | Dan   | names Ada                        | named             |                      | referral.named Ada  | |
| 10:02            | Eva   | names Ada                        | named             |                      | referral.named Ada  | |
| 10:02            | Fay   | names Ada                        | named             |                      | referral.named Ada  | |
| 10:03            | Ada   | names Ben                        | rejected: ring    |                      | referral.rejected Ben | |
| 10:04            | Ben   | buys 2 mug 30.00, pot 25.50 as R1 | 55 points        | 55 pending points    | points.earned       | |
| 10:05            | Cem   | buys 25.00 as R2                 | 25 points         | 25 pending points    | points.earned       | |
| 10:06            | Dan   | buys 20.00 as R3                 | 20 points         | 20 pending points    | points.earned       | |
| 10:07            | Eva   | buys 40.00 as R4                 | 40 points         | 40 pending points    | points.earned       | |
| 10:08            | Fay   | buys 21.00 as R5                 | 21 points         | 21 pending points    | points.earned       | |
| 2026-03-05 10:00 | Ben   | gives back 1 mug of R1           | -15 points        | 40 pending points    | points.returned     | |
| 10:01            | Ben   | gives back R1                    | -40 points        | nothing              | points.returned     | |
| 10:02            | Ada   | takes five-off                   | not_enough_points |                      |                     | |
| 2026-03-06 00:00 | night | falls                            |                   |                      | referral.qualified Ada, referral.qualified Ada, referral.qualified Ada, referral.qualified Ada | |
| 2026-03-17 00:00 | night | falls                            |                   |                      | points.activated Cem, points.activated Dan, points.activated Eva, points.activated Fay, points.adjusted Ada, points.adjusted Cem, referral.rewarded Ada, points.adjusted Ada, points.adjusted Dan, referral.rewarded Ada, points.adjusted Ada, points.adjusted Eva, referral.rewarded Ada, points.adjusted Ada, points.adjusted Fay, referral.rewarded Ada, tier.changed Ada, tier.changed Ada | |
| 00:00            | Ada   | looks                            |                   | 2000 points          |                     | ambassador |
| 00:00            | Fay   | looks                            |                   | 321 points           |                     | |
| 00:01            | Ada   | takes ten-off                    | captured          | 1100 points          | reward.held, reward.captured | |
| 2026-03-20 10:00 | Cem   | gives back R2                    | -25 points        | 300 points           | points.returned     | |
| 2026-03-21 00:00 | night | falls                            |                   |                      | points.adjusted Ada, points.adjusted Cem, referral.retracted Ada, points.returned Ada | |
| 00:00            | Ada   | looks                            |                   | 600 points           |                     | |
| 00:00            | Cem   | looks                            |                   | nothing              |                     | |
| 00:01            | Ada   | uses yearly-box                  | used, 0 left      |                      | benefit.used        | |
| 2026-03-22 10:00 | Dan   | gives back R3                    | -20 points        | 300 points           | points.returned     | |
| 2026-03-23 00:00 | night | falls                            |                   |                      | points.adjusted Ada, points.adjusted Dan, referral.retracted Ada, points.adjusted Ada, points.returned Ada, tier.changed Ada | |
| 00:00            | Ada   | looks                            |                   | nothing              |                     | friend     |
| 00:01            | Ada   | uses yearly-box                  | tier_too_low      |                      |                     | |
| 2027-04-01 00:00 | night | falls                            |                   |                      | points.expired Eva, points.expired Eva, points.expired Fay, points.expired Fay, referral.rejected Ada | |
| 00:00            | Ada   | looks                            |                   | nothing              |                     | |
| 2027-04-02 10:00 | Zoe   | joins                            |                   |                      | member.joined       |            |
| 10:01            | Zoe   | gets 500 points: won at our fair |                   | 500 points           | points.adjusted     |            |
| 10:02            | Zoe   | takes five-off                   | captured          | nothing              | reward.held, reward.captured |            |
