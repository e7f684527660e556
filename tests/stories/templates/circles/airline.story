Miles to spend and miles that count

Award miles by one table, status miles by another; a partner's economy gives half and a quarter. From Silver on a
flight gives a quarter more to spend. Gold brings a companion along, but not around the turn of the year, and chooses
one gift. Silver opens the lounge four times in twelve
months; a guest counts as one, and what is left of them is over with the midnight a year later. Ben's twelve short flights are silver too, and the tenth brings 2500 miles. Ada's 52375 status miles make
her a Voyager for ever. The agency Sun owes up to 50.00 for the miles its
travellers collect: what Cem claimed is answered by what Sun tells, once; of its settlement it disputes a line, and the price
is in the next one. Who does not fly in 2027 is Silver in 2028 and Classic in 2029; the miles of June 2026 end with June 2029.
A flight that was told and did not take place is taken back, once: Ada is Silver again, and no Voyager yet.
Zoe flies 340000 miles twice: Voyager with the first, a Million miler with the second, and a flight in Europe for 15000 of what it gave.

Program: airline

| When                | Who       | What                                                      | Answer                     | Has                         | Tier    | Told                             |
|---------------------|-----------|-----------------------------------------------------------|----------------------------|-----------------------------|---------|----------------------------------|
| 2026-01-10 09:00    | Ada       | joins with card 8001                                      |                            |                             | classic | member.joined, tier.changed      |
| 2026-01-20 08:00    | card 8001 | does flight with miles=5000 with carrier=MA with fare=J as F1 | 10000 award, 7500 status | 10000 award, 7500 status    | classic | points.earned Ada                |
| 2026-02-05 08:00    | Ada       | does flight with miles=1501 with carrier=PX with fare=Y as F2 | 750 award, 375 status   | 10750 award, 7875 status    |         | points.earned                    |
| 2026-02-06 08:00    | Ada       | does flight with miles=1501 with carrier=ZZ with fare=Y   | nothing                    |                             |         |                                  |
| 2026-03-01 08:00    | Ada       | does flight with miles=9000 with carrier=MA with fare=J as F3 | 18000 award, 13500 status | 28750 award, 21375 status | silver  | points.earned, tier.changed      |
| 2026-03-02 08:00    | Ada       | does flight with miles=1000 with carrier=MA with fare=Y as F4 | 1250 award, 1000 status | 30000 award, 22375 status   |         | points.earned                    |
| 08:01               | Ada       | does flight with miles=1000 with carrier=MA with fare=Y as F4 | again: 1250 award, 1000 status |                      |         |                                  |
| 2026-03-03 08:00    | Ada       | uses companion with companion=Ben                         | tier_too_low               |                             |         |                                  |
| 08:01               | Ada       | uses lounge                                               | used, 3 left               |                             |         | benefit.used                     |
| 08:02               | Ada       | uses lounge bringing Ben and Nil                          | too_many_guests            |                             |         |                                  |
| 08:03               | Ada       | uses lounge bringing Ben as L2                            | used, 1 left               |                             |         | benefit.used                     |
| 08:04               | Ada       | undoes L2                                                 | undone, 3 left             |                             |         | benefit.undone                   |
| 2026-03-04 11:00    | Ada       | does hotel with nights=3 with partner=grand               | 1500 award                 | 31500 award, 22375 status   |         | points.earned                    |
| 2026-03-05 09:00    | Ada       | buys 2 perfume 120.00, toy 15.50 as R1                    | 135 award                  | 31635 award, 22375 status   |         | points.earned                    |
| 10:00               | Ada       | gives back 1 perfume of R1                                | -60 award                  | 31575 award, 22375 status   |         | points.returned                  |
| 10:01               | Ada       | gives back R1                                             | -75 award                  | 31500 award, 22375 status   |         | points.returned                  |
| 2026-03-06 10:00    | Ada       | takes cabin                                               | captured                   | 6500 award, 22375 status    |         | reward.held, reward.captured     |
| 10:01               | Ada       | takes one-way                                             | not_enough_points          |                             |         |                                  |
| 2026-03-07 08:00    | Ada       | does flight with miles=20000 with carrier=MA with fare=J as FX | 50000 award, 30000 status | 56500 award, 52375 status | gold   | ladder.changed, points.earned, tier.changed |
| 2026-03-08 09:00    | Ada       | has taken back flight FX as X1                            | -50000 award, -30000 status | 6500 award, 22375 status   | silver  | ladder.changed, points.returned, tier.changed |
| 09:01               | Ada       | has taken back flight FX as X1                            | again: -50000 award, -30000 status |                     |         |                                  |
| 09:02               | Ada       | has taken back flight FX as X2                            | too_much_returned          |                             |         |                                  |
| 09:03               | Ada       | uses companion with companion=Ben                         | tier_too_low               |                             |         |                                  |
| 2026-04-01 08:00 | Ben | joins |  |  | classic | member.joined, tier.changed |
| 2026-04-02 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B1 | 150 award, 75 status | 150 award, 75 status |  | points.earned |
| 2026-04-03 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B2 | 150 award, 75 status | 300 award, 150 status |  | points.earned |
| 2026-04-04 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B3 | 150 award, 75 status | 450 award, 225 status |  | points.earned |
| 2026-04-05 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B4 | 150 award, 75 status | 600 award, 300 status |  | points.earned |
| 2026-04-06 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B5 | 150 award, 75 status | 750 award, 375 status |  | points.earned |
| 2026-04-07 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B6 | 150 award, 75 status | 900 award, 450 status |  | points.earned |
| 2026-04-08 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B7 | 150 award, 75 status | 1050 award, 525 status |  | points.earned |
| 2026-04-09 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B8 | 150 award, 75 status | 1200 award, 600 status |  | points.earned |
| 2026-04-10 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B9 | 150 award, 75 status | 1350 award, 675 status |  | points.earned |
| 2026-04-11 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B10 | 150 award, 75 status | 4000 award, 750 status |  | points.earned, milestone.reached |
| 2026-04-12 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B11 | 150 award, 75 status | 4150 award, 825 status | classic | points.earned |
| 2026-04-13 08:00 | Ben | does flight with miles=300 with carrier=MA with fare=L as B12 | 150 award, 75 status | 4300 award, 900 status | silver | points.earned, tier.changed |
| 2026-04-14 08:00 | Ben | uses bag-tag | tier_too_low |  |  |  |
| 2026-06-01 08:00    | Ada       | does flight with miles=20000 with carrier=MA with fare=J as F5 | 50000 award, 30000 status | 56500 award, 52375 status | gold   | ladder.changed, points.earned, tier.changed |
| 08:01               | Ada       | uses companion                                            | invalid                    |                             |         |                                  |
| 08:02               | Ada       | uses companion with companion=Ben                         | used, 1 left               |                             |         | benefit.used                     |
| 08:03               | Ada       | uses gift-lounge                                          | used, 0 left               |                             |         | benefit.used                     |
| 08:04               | Ada       | uses gift-upgrade                                         | chosen_otherwise           |                             |         |                                  |
| 2026-06-01 09:00    | Zoe       | joins                                                     |                            |                             | classic | member.joined, tier.changed      |
| 2026-06-02 08:00    | Zoe       | does flight with miles=340000 with carrier=MA with fare=J as Z1 | 680000 award, 510000 status | 680000 award, 510000 status | gold    | ladder.changed, points.earned, tier.changed |
| 08:01               | Zoe       | takes one-way                                             | captured                   | 665000 award, 510000 status |         | reward.held, reward.captured     |
| 2026-06-03 08:00    | Zoe       | does flight with miles=340000 with carrier=MA with fare=J as Z2 | 850000 award, 510000 status | 1515000 award, 1020000 status |         | ladder.changed, points.earned    |
| 2026-12-20 00:00    | Ada       | uses companion with companion=Ben                         | not_now                    |                             |         |                                  |
| 2027-01-07 00:00    | Ada       | uses companion with companion=Ben                         | used, 1 left               |                             |         | benefit.used                     |
| 2027-02-28 23:59:59 | Ada       | uses lounge bringing Ben                                  | used, 1 left               |                             |         | benefit.used                     |
| 2027-03-01 00:00    | Ada       | uses lounge                                               | not_now                    |                             |         |                                  |
| 2028-01-01 00:00    | night     | falls                                                     |                            |                             |         | tier.changed Ada, tier.changed Ben, tier.changed Zoe |
| 00:00               | Ada       | looks                                                     |                            |                             | silver  |                                  |
| 2029-01-01 00:00    | night     | falls                                                     |                            |                             |         | tier.changed Ada, tier.changed Zoe                 |
| 2029-05-01 00:00 | night | falls | | | | points.expired Ada, points.expired Ada, points.expired Ada, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben, points.expired Ben |
| 00:00 | Ben | looks | | 900 status | classic | |
| 2029-06-30 23:59:59 | Ada       | looks                                                     |                            | 50000 award, 52375 status   | classic |                                  |
| 23:59:59            | Ada       | uses bag-tag                                              | used, 0 left               |                             |         | benefit.used                     |
| 2029-07-01 00:00    | night     | falls                                                     |                            |                             |         | points.expired Ada, points.expired Zoe, points.expired Zoe               |
| 00:00               | Ada       | looks                                                     |                            | 52375 status                |         |                                  |
| 2029-07-02 09:00 | Cem | joins |  |  | classic | member.joined, tier.changed |
| 09:01 | Sun | becomes a partner |  |  |  |  |
| 09:02 | Sun | agrees that the shop sells 1000 award for 8.00 up to 50.00 |  |  |  |  |
| 2029-07-03 09:00 | Sun | tells of 480 award of Cem as ST-1001 | -3.84, -3.84 left |  |  | points.adjusted Cem |
| 09:01 | Sun | tells of 480 award of Cem as ST-1001 | again: -3.84, -3.84 left |  |  |  |
| 2029-07-08 09:00 | Cem | misses 200 award with Sun as ST-1003 on 2029-07-03 10:00 |  | 480 award |  |  |
| 09:01 | Sun | tells of 200 award of Cem as ST-1003 on 2029-07-03 10:00 | -1.60, -5.44 left |  |  | points.adjusted Cem |
| 09:02 | Mia | rejects claim ST-1003 | already_decided |  |  |  |
| 2029-07-09 09:00 | Mia | settles Sun | 2 lines, -5.44 left |  |  |  |
| 09:01 | Mia | settles Sun | already_settled |  |  |  |
| 09:02 | Sun | disputes ST-1003 |  |  |  |  |
| 09:03 | Mia | grants dispute ST-1003 | granted: 1.60, -3.84 left |  |  |  |
| 2029-07-10 09:00 | Mia | settles Sun | 1 lines, -3.84 left |  |  |  |
| 09:01 | Cem | looks |  | 680 award |  |  |
