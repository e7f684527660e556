A company and its contacts

Ada and Ben work for Acme. Each earns for themselves, and both may take rewards from what the company has: 1000 points
are Ada's 150, then what Ben and she earned in turn, the last 390 from Ben's reference. 10,000.00 of orders make Ada a
preferred partner. Cleo only buys for Acme: a seat is more than buyers may spend in a month, until she may spend 500.
Dana's order of 50,000.00 makes her a strategic partner at once, with a review each quarter; a year later she is one step down.
The orders of Ada go back, and a year and thirty days later she is none.

Program: b2b-retention

| When                | Who   | What                                | Answer            | Has        | Tier      | Told                         |
|---------------------|-------|-------------------------------------|-------------------|------------|-----------|------------------------------|
| 2026-03-02 09:00    | Ada   | joins                               |                   |            | partner   | member.joined, tier.changed  |
| 09:00               | Ben   | joins                               |                   |            | partner   | member.joined, tier.changed  |
| 09:01               | Ada   | founds Acme                         |                   |            |           | household.changed |
| 09:02               | Ben   | enters Acme                         |                   |            |           | household.changed |
| 09:03               | Ada   | buys 20 seats 2000.00 as O1         | 200 points        | 200 points |           | points.earned                |
| 2026-03-03 09:00    | Ben   | does survey with score=3            | 50 points         | 50 points  |           | points.earned                |
| 09:01               | Ben   | does survey with score=10           | nothing           |            |           |                              |
| 2026-03-04 09:00    | Ben   | does course with level=expert       | 150 points        | 200 points |           | points.earned                |
| 2026-03-05 09:00    | Ben   | does course with level=basics       | 60 points         | 260 points |           | points.earned                |
| 2026-03-06 09:00    | Ada   | does feedback-session               | 200 points        | 400 points |           | points.earned                |
| 2026-03-09 09:00    | Ben   | does reference                      | 500 points        | 760 points |           | points.earned                |
| 2026-03-10 09:00    | Ada   | gives back 5 seats of O1            | -50 points        | 350 points |           | points.returned              |
| 09:01               | Ada   | takes credit                        | not_enough_points |            |           |                              |
| 09:02               | Ada   | draws credit from Acme              | captured          | nothing    |           | points.pooled Ben, points.pooled, reward.held, reward.captured |
| 09:02               | Ben   | looks                               |                   | 110 points |           |                              |
| 09:03               | Ada   | draws credit from Acme              | not_enough_points |            |           |                              |
| 2026-03-20 09:00    | Ada   | buys 80 seats 8500.00 as O2         | 850 points        | 850 points | preferred | points.earned, tier.changed  |
| 09:01               | Ada   | uses quarterly-review               | tier_too_low      |            |           |                              |
| 09:02               | Ada   | uses fast-support                   | used, 11 left     |            |           | benefit.used                 |
| 2026-03-21 09:00    | Cleo  | joins                               |                   |            | partner   | member.joined, tier.changed  |
| 09:01               | Cleo  | enters Acme as-buyer                |                   |            |           | household.changed |
| 09:02               | Cleo  | draws training-seat from Acme       | buyer_limit       |            |           |                              |
| 09:03               | Cleo  | enters Acme as-buyer with points=500 |                  |            |           | household.changed |
| 09:04               | Cleo  | draws training-seat from Acme       | captured          | nothing    |           | points.pooled Ada, points.pooled, points.pooled Ben, points.pooled, reward.held, reward.captured |
| 09:05               | Ada   | looks                               |                   | 460 points |           |                              |
| 2026-03-22 09:00    | Dana  | joins                               |                   |            | partner   | member.joined, tier.changed  |
| 09:01               | Dana  | buys 500 seats 50000.00 as D1       | 5000 points       | 5000 points | strategic | points.earned, tier.changed |
| 09:02               | Dana  | uses quarterly-review               | used, 3 left      |            |           | benefit.used                 |
| 09:03               | Dana  | takes conference                    | captured          | 3000 points |          | reward.held, reward.captured |
| 2026-03-25 09:00    | Ada   | gives back O2                       | -850 points       | nothing    |           | points.returned              |
| 2026-04-01 09:00    | Ben   | does survey with score=8            | 50 points         | 50 points  |           | points.earned                |
| 09:01               | Ben   | leaves Acme                         |                   |            |           | household.changed |
| 2027-04-18 23:59:59 | night | falls                               |                   |            |           |                              |
| 2027-04-19 00:00    | night | falls                               |                   |            |           | tier.changed Ada             |
| 00:00               | Ada   | looks                               |                   |            | partner   |                              |
| 2027-04-21 00:00    | night | falls                               |                   |            |           | tier.changed Dana            |
| 00:00               | Dana  | looks                               |                   |            | preferred |                              |
| 2028-01-01 00:00    | night | falls                               |                   |            |           | points.expired Ben, points.expired Dana |
| 00:00               | Ben   | looks                               |                   | nothing    |           |                              |
