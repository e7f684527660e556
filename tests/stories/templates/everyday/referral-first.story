Friends bring friends

Ada brings Ben; both get points, which wait a fortnight. Her third friend makes her a champion, the fourth of a month
brings nothing. When Ben has given everything back, the shop takes 500 points back from her, by hand and with the
reason; what his purchase gave went with it.

Program: referral-first

| When                | Who   | What                             | Answer                | Has                                 | Tier     | Told                                       |
|---------------------|-------|----------------------------------|-----------------------|-------------------------------------|----------|--------------------------------------------|
| 2026-03-02 10:00    | Ada   | joins                            |                       |                                     | none     | member.joined                              |
| 10:00               | Ben   | joins                            |                       |                                     | none     | member.joined                              |
| 10:01               | Ben   | does referred                    | 300 points            | 300 pending points                  |          | points.earned                              |
| 10:02               | Ben   | does referred                    | nothing               |                                     |          |                                            |
| 10:03               | Ben   | buys 2 mug 30.00, pot 25.50 as R1 | 55 points            | 355 pending points                  |          | points.earned                              |
| 10:04               | Ada   | does referral with friend=ben as F1 | 1 friends, 500 points | 1 friends, 500 pending points    | friend   | points.earned, tier.changed                |
| 10:05               | Ada   | uses yearly-box                  | tier_too_low          |                                     |          |                                            |
| 10:06               | Ada   | does referral with friend=cem as F2 | 1 friends, 500 points | 2 friends, 1000 pending points   |          | points.earned                              |
| 10:07               | Ada   | does referral with friend=dan as F3 | 1 friends, 500 points | 3 friends, 1500 pending points   | champion | points.earned, tier.changed                |
| 10:08               | Ada   | does referral with friend=eva as F4 | nothing            |                                     |          |                                            |
| 10:09               | Ada   | uses yearly-box                  | used, 0 left          |                                     |          | benefit.used                               |
| 2026-03-05 10:00    | Ben   | gives back 1 mug of R1           | -15 points            | 340 pending points                  |          | points.returned                            |
| 10:01               | Ben   | gives back R1                    | -40 points            | 300 pending points                  |          | points.returned                            |
| 10:02               | Ada   | takes five-off                   | not_enough_points     |                                     |          |                                            |
| 2026-03-16 10:07    | night | falls                            |                       |                                     |          | points.activated Ada, points.activated Ada, points.activated Ada, points.activated Ben |
| 10:08               | Ada   | takes ten-off                    | captured              | 3 friends, 600 points               |          | reward.held, reward.captured               |
| 10:09               | Ada   | loses 500 points: Ben gave everything back |             | 3 friends, 100 points               |          | points.adjusted                            |
| 2027-04-01 00:00    | night | falls                            |                       |                                     |          | points.expired Ada, points.expired Ben     |
| 00:00               | Ada   | looks                            |                       | 3 friends                           |          |                                            |
