Ten coffees, and every week

Ada has her tenth coffee of March on the 16th and gets 50 points and a badge, and the third week in a row brings her 10. Two of the coffees
come back: the prize goes, and comes again with the next two. Ben takes part in the sprint first, so that what he spent before does not
count. In April the two coffees that Ada had beyond ten count already.

```yaml
regulars: 1
program: games
name: Games
currency: EUR
zone: Europe/Dublin
wallets: {points: {}}
challenges:
  - {id: ten-coffees, name: Ten coffees, target: 10, measure: items, counts: {categories: [coffee]}, every: month, overshoot: carried, prize: {wallet: points, points: 50, badge: Coffee lover}}
  - {id: sprint, name: Sprint, target: "20.00", measure: spend, within: 7 days, joins: opt_in, prize: {wallet: points, points: 7}}
streaks:
  - {id: weekly, name: Every week, every: week, freezes: {per: month, times: 1}, milestones: [{length: 3, prize: {wallet: points, points: 10}}]}
```

| When             | Who   | What                     | Answer            | Has       | Told |
|------------------|-------|--------------------------|-------------------|-----------|------|
| 2026-03-03 09:00 | Ada   | joins                    |                   |           | member.joined |
| 09:00            | Ben   | joins                    |                   |           | member.joined |
| 09:05            | Ada   | buys 4 coffee 12.00 as R1 |                  |           |      |
| 09:05            | Ben   | buys 19.00               |                   |           |      |
| 09:06            | Ben   | plays ten-coffees         | no_part_needed   |           |      |
| 09:06            | Ben   | plays sprint             |                   |           | challenge.joined |
| 09:07            | Ben   | buys 19.99               |                   |           |      |
| 2026-03-09 09:00 | Ada   | buys 5 coffee 15.00 as R2 |                  |           |      |
| 09:00            | night | falls                    |                   |           |      |
| 09:00            | Ben   | looks                    |                   | nothing   |      |
| 09:05            | Ben   | buys 0.01                |                   |           |      |
| 2026-03-16 09:00 | Ada   | buys 3 coffee 9.00 as R3 |                   |           |      |
| 09:00            | night | falls                    |                   |           | points.adjusted Ada, prize.given Ada, points.adjusted Ada, prize.given Ada, points.adjusted Ben, prize.given Ben |
| 09:00            | Ada   | looks                    |                   | 60 points |      |
| 09:00            | Ben   | looks                    |                   | 7 points  |      |
| 10:00            | Ada   | gives back R3            |                   |           | points.returned |
| 10:00            | night | falls                    |                   |           | points.adjusted Ada, prize.taken_back Ada, points.adjusted Ada, prize.taken_back Ada |
| 10:00            | Ada   | looks                    |                   | nothing   |      |
| 2026-03-23 09:00 | Ada   | buys 3 coffee 9.00 as R4 |                   |           |      |
| 09:00            | night | falls                    |                   |           | points.adjusted Ada, prize.given Ada, points.adjusted Ada, prize.given Ada |
| 09:00            | Ada   | looks                    |                   | 60 points |      |
| 2026-04-02 09:00 | Ada   | buys 8 coffee 24.00 as R5 |                  |           |      |
| 09:00            | night | falls                    |                   |           | points.adjusted Ada, prize.given Ada |
| 09:00            | Ada   | looks                    |                   | 110 points |     |
