Three tiers, a birthday and an early door

Three days before her birthday Ada's 260.00 count twice, and the 360.00 of the year make her Radiant. A second earlier there
was no gift yet, and Bea, who never told her birthday, has none. Of two birthday gifts Ada chooses one, and a year later says that it is points. 640.00 more make 1000.00 after one order went back: Luminous, whose door to the savings opens
four days before everybody's. Her tier ends with 2027, and the points of June 2026 at the same midnight.

Program: beauty-tiers

| When                | Who   | What                                   | Answer           | Has         | Tier     | Told                         |
|---------------------|-------|----------------------------------------|------------------|-------------|----------|------------------------------|
| 2026-02-01 10:00    | Ada   | joins with birthday=1990-05-20         |                  |             | bloom    | member.joined, tier.changed  |
| 10:05               | Ada   | buys 100.00 as R1                      | 100 points       | 100 points  |          | points.earned                |
| 2026-02-02 10:00    | Ada   | does profile                           | 50 points        | 150 points  |          | points.earned                |
| 10:01               | Ada   | does profile                           | nothing          |             |          |                              |
| 10:02               | Ada   | buys gift-card 50.00 as G1             | nothing          |             |          |                              |
| 2026-05-16 23:59:59 | Ada   | uses birthday-lips                     | not_birthday     |             |          |                              |
| 23:59:59            | Bea   | joins                                  |                  |             | bloom    | member.joined, tier.changed  |
| 23:59:59            | Bea   | uses birthday-lips                     | birthday_unknown |             |          |                              |
| 2026-05-17 00:00    | Ada   | buys 260.00 as R2                      | 520 points       | 670 points  | radiant  | points.earned, tier.changed  |
| 00:01               | Ada   | uses birthday-lips                     | used, 0 left     |             |          | benefit.used                 |
| 00:02               | Ada   | uses birthday-skin                     | chosen_otherwise |             |          |                              |
| 2026-05-24 00:00    | Ada   | uses birthday-lips                     | not_birthday     |             |          |                              |
| 2026-06-01 10:00    | Ada   | buys 80.40 as R3                       | 100 points       | 770 points  |          | points.earned                |
| 10:01               | Ada   | takes ten-off                          | captured         | 270 points  |          | reward.held, reward.captured |
| 10:02               | Ada   | takes deluxe-set                       | tier_too_low     |             |          |                              |
| 10:03               | Ada   | uses delivery by web                   | tier_too_low     |             |          |                              |
| 2026-06-10 10:00    | Ada   | gives back R3                          | -100 points      | 170 points  |          | points.returned              |
| 2026-06-11 10:00    | Ada   | buys 2 makeup 40.00, perfume 600.00 as R4 | 800 points    | 970 points  | luminous | points.earned, tier.changed  |
| 2026-06-12 10:00    | Ada   | gives back 1 makeup of R4              | -25 points       | 945 points  |          | points.returned              |
| 2026-07-01 10:00    | Ada   | buys 100.00 as R5                      | 150 points       | 1095 points |          | points.earned                |
| 10:01               | Ada   | uses delivery by web                   | used             |             |          | benefit.used                 |
| 10:02               | Ada   | takes deluxe-set                       | captured         | 345 points  |          | reward.held, reward.captured |
| 2026-10-04 23:59:59 | Ada   | uses autumn-savings                    | not_now          |             |          |                              |
| 2026-10-05 00:00    | Ada   | uses autumn-savings                    | used, 0 left     |             |          | benefit.used                 |
| 2027-05-20 10:00    | Ada   | chooses birthday-points of birthday-gift |                |             |          | choice.made                  |
| 10:01               | Ada   | uses birthday-lips                     | chosen_otherwise |             |          |                              |
| 10:02               | Ada   | uses birthday-points                   | used, 0 left     | 445 points  |          | points.adjusted, benefit.used |
| 2027-12-31 23:59:59 | night | falls                                  |                  |             |          |                              |
| 23:59:59            | Ada   | looks                                  |                  | 445 points  |          |                              |
| 2028-01-01 00:00    | night | falls                                  |                  |             |          | tier.changed Ada, points.expired Ada |
| 00:00               | Ada   | looks                                  |                  | 250 points  | bloom    |                              |
| 2028-01-02 10:00    | Zoe   | joins                                  |                  |             | bloom    | member.joined, tier.changed  |
| 10:01               | Zoe   | gets 100 points: won at our fair       |                  | 100 points  |          | points.adjusted              |
| 10:02               | Zoe   | takes mini                             | captured         | nothing     |          | reward.held, reward.captured |
