A hundred together

Ada forms a team, Ben and Cem join it; four are too many. Together they spend a hundred in March: Ada and Ben did their twenty and have the
prize, Cem has it once he did his. Ben leaves; what he spent stays. When Ada brings something back, the hundred are not there any more and all
of them lose it; what Ben bought while he was in the team, and the till tells late, makes it whole again.

```yaml
regulars: 1
program: teams
name: Teams
currency: EUR
zone: Europe/Dublin
wallets: {points: {}}
challenges:
  - {id: hundred, name: A hundred together, target: "100.00", measure: spend, every: month, joins: opt_in, together: {most: 3, each: "20.00"}, prize: {wallet: points, points: 50}}
```

| When             | Who   | What                     | Answer            | Has       | Told |
|------------------|-------|--------------------------|-------------------|-----------|------|
| 2026-03-03 09:00 | Ada   | joins                    |                   |           | member.joined |
| 09:00            | Ben   | joins                    |                   |           | member.joined |
| 09:00            | Cem   | joins                    |                   |           | member.joined |
| 09:00            | Dan   | joins                    |                   |           | member.joined |
| 09:01            | Ada   | plays hundred            | team_needed       |           |      |
| 09:01            | Ada   | teams up for hundred     |                   |           | team.joined |
| 09:01            | Ada   | teams up for hundred     | in_team           |           |      |
| 09:01            | Ben   | teams up with Ada for hundred |              |           | team.joined |
| 09:01            | Cem   | teams up with Ada for hundred |              |           | team.joined |
| 09:01            | Dan   | teams up with Ada for hundred | team_full    |           |      |
| 10:00            | Ada   | buys 70.00 as R1         |                   |           |      |
| 10:00            | Ben   | buys 20.00               |                   |           |      |
| 10:00            | Cem   | buys 10.00               |                   |           |      |
| 10:00            | night | falls                    |                   |           | points.adjusted Ada, prize.given Ada, points.adjusted Ben, prize.given Ben |
| 11:00            | Cem   | buys 10.00               |                   |           |      |
| 11:00            | night | falls                    |                   |           | points.adjusted Cem, prize.given Cem |
| 11:00            | Cem   | looks                    |                   | 50 points |      |
| 2026-03-10 09:00 | Ben   | teams no more for hundred |                  | 50 points | team.left |
| 09:05            | Ada   | gives back R1            |                   | 50 points | points.returned |
| 09:05            | night | falls                    |                   |           | points.adjusted Ada, prize.taken_back Ada, points.adjusted Ben, prize.taken_back Ben, points.adjusted Cem, prize.taken_back Cem |
| 09:05            | Ben   | looks                    |                   | nothing   |      |
| 09:10            | Ben   | buys 70.00               |                   |           |      |
| 09:10            | night | falls                    |                   |           |      |
| 09:15            | Ben   | buys 60.00 on 2026-03-05 12:00 |             |           |      |
| 09:15            | night | falls                    |                   |           | points.adjusted Ben, prize.given Ben, points.adjusted Cem, prize.given Cem |
| 09:15            | Ada   | looks                    |                   | nothing   |      |
| 09:15            | Ben   | looks                    |                   | 50 points |      |
