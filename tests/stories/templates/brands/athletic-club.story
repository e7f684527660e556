First at the drop, and classes count

Three classes a week give points. 133.50 and 166.50 are exactly the 300.00 of Studio, which earns half more from the
next purchase on. The drop opens two days early for Studio, one for Ben. A year after Ada became Studio only what she
bought since counts, and that went back.

Program: athletic-club

| When                | Who   | What                                    | Answer       | Has        | Tier   | Told                         |
|---------------------|-------|-----------------------------------------|--------------|------------|--------|------------------------------|
| 2026-03-02 09:00    | Ada   | joins                                   |              |            | member | member.joined, tier.changed  |
| 09:00               | Ben   | joins                                   |              |            | member | member.joined, tier.changed  |
| 09:05               | Ada   | buys leggings 88.00, top 45.50 as R1    | 133 points   | 133 points |        | points.earned                |
| 18:00               | Ada   | does class at soho                      | 20 points    | 153 points |        | points.earned                |
| 2026-03-04 18:00    | Ada   | does class at soho                      | 20 points    | 173 points |        | points.earned                |
| 2026-03-06 18:00    | Ada   | does class at soho                      | 20 points    | 193 points |        | points.earned                |
| 2026-03-08 18:00    | Ada   | does class at soho                      | nothing      |            |        |                              |
| 2026-03-09 18:00    | Ada   | does class at soho                      | 20 points    | 213 points |        | points.earned                |
| 2026-03-10 10:00    | Ada   | uses member-event                       | tier_too_low |            |        |                              |
| 10:01               | Ada   | buys 166.50 as R2                       | 166 points   | 379 points | studio | points.earned, tier.changed  |
| 10:02               | Ada   | uses member-event                       | used, 1 left |            |        | benefit.used                 |
| 2026-03-12 10:00    | Ada   | buys 50.00 as R3                        | 75 points    | 454 points |        | points.earned                |
| 2026-03-13 10:00    | Ada   | takes five-off                          | captured     | 204 points |        | reward.held, reward.captured |
| 10:01               | Ada   | takes fifteen-off                       | not_enough_points |       |        |                              |
| 10:02               | Ada   | gives back 1 top of R1                  | -45 points   | 159 points |        | points.returned              |
| 10:03               | Ada   | uses no-receipt                         | used         |            |        | benefit.used                 |
| 10:04               | Ada   | gives back R3                           | -75 points   | 84 points  |        | points.returned              |
| 10:05               | Ada   | uses hemming                            | used, 3 left |            |        | benefit.used                 |
| 2026-09-07 23:59:59 | Ada   | uses autumn-drop for drop               | not_now      |            |        |                              |
| 2026-09-08 00:00    | Ada   | uses autumn-drop for sale               | not_for_this |            |        |                              |
| 00:00               | Ada   | uses autumn-drop for drop as U1         | used         |            |        | benefit.used                 |
| 00:00               | Ben   | uses autumn-drop for drop               | not_now      | nothing    |        |                              |
| 00:01               | Ada   | undoes U1                               | undone       |            |        | benefit.undone               |
| 2026-09-09 00:00    | Ben   | uses autumn-drop for drop               | used         |            |        | benefit.used                 |
| 2027-03-09 23:59:59 | night | falls                                   |              |            |        |                              |
| 2027-03-10 00:00    | night | falls                                   |              |            |        | tier.changed Ada             |
| 00:00               | Ada   | looks                                   |              | 84 points  | member |                              |
| 2027-04-01 00:00    | night | falls                                   |              |            |        | points.expired Ada           |
| 00:00               | Ada   | looks                                   |              | nothing    |        |                              |
| 2027-04-02 10:00    | Zoe   | joins                                   |              |            | member | member.joined, tier.changed  |
| 10:01               | Zoe   | gets 850 points: won at our fair        |              | 850 points |        | points.adjusted              |
| 10:02               | Zoe   | takes fifteen-off                       | captured     | 150 points |        | reward.held, reward.captured |
| 10:03               | Zoe   | takes class-pass                        | captured     | nothing    |        | reward.held, reward.captured |
