A flight nobody told of

The airline Sky owes up to 5.00 for the miles its customers collect, and is paid 7.00 for 1,000 miles that members spend there. Ada flew
and nobody told of it: from the third day on she says so, and Mia grants it, once. Ben was not there in time for anybody to decide.
Sky disputes a line, and Mia grants it: the price goes back, and Ada keeps her miles. Who spends with Sky and has it back, has it back.

```yaml
regulars: 1
program: skies
name: Skies
currency: EUR
zone: Europe/Berlin
wallets: {miles: {}}
rules:
  - {id: euro, on: purchase, wallet: miles, award: {give: per_amount, points: 1, per: "1.00"}}
```

| When             | Who | What                                               | Answer           | Has       | Told                |
|------------------|-----|----------------------------------------------------|------------------|-----------|---------------------|
| 2027-03-01 10:00 | Ada | joins                                              |                  |           | member.joined       |
| 10:00            | Ben | joins                                              |                  |           | member.joined       |
| 10:01            | Sky | becomes a partner                                  |                  |           |                     |
| 10:02            | Sky | agrees that the shop sells 1000 miles for 10.00 up to 5.00 |          |           |                     |
| 10:03            | Sky | agrees that the shop buys back 1000 miles for 7.00 |                  |           |                     |
| 2027-03-04 09:59 | Ada | misses 200 miles with Sky as t-1 on 2027-03-01 10:30 | too_early      |           |                     |
| 10:30            | Ada | misses 200 miles with Sky as t-1 on 2027-03-01 10:30 |                |           |                     |
| 10:31            | Ben | misses 100 miles with Sky as t-2 on 2027-03-01 10:30 |                |           |                     |
| 10:32            | Ben | misses 100 miles with Sky as t-1 on 2027-03-01 10:30 | already_claimed |          |                     |
| 10:33            | Mia | grants claim t-1                                   | granted: -2.00, -2.00 left | | points.adjusted Ada |
| 10:34            | Mia | rejects claim t-1                                  | already_decided  |           |                     |
| 10:35            | Sky | tells of 200 miles of Ada as t-1                   | already_credited |           |                     |
| 10:36            | Ada | looks                                              |                  | 200 miles |                     |
| 10:37            | Sky | tells of 301 miles of Ada as r-1                   | partner_limit_reached |      |                     |
| 10:38            | Sky | tells of 300 miles of Ada as r-1                   | -3.00, -5.00 left |          | points.adjusted Ada |
| 10:39            | Sky | disputes r-1                                       |                  |           |                     |
| 10:40            | Sky | disputes r-1                                       | already_disputed |           |                     |
| 10:41            | Mia | grants dispute r-1                                 | granted: 3.00, -2.00 left |  |                     |
| 10:42            | Ada | looks                                              |                  | 500 miles |                     |
| 10:43            | Sky | tells of 501 miles Ada spent as s-1                | not_enough_points |          |                     |
| 10:44            | Sky | tells of 400 miles Ada spent as s-1                | 2.80, 0.80 left  |           | points.adjusted Ada |
| 10:45            | Ada | looks                                              |                  | 100 miles |                     |
| 10:46            | Sky | takes back spent s-1 as b-1                        | -2.80, -2.00 left |          | points.adjusted Ada |
| 10:47            | Ada | looks                                              |                  | 500 miles |                     |
| 2027-04-03 10:31 | Mia | grants claim t-2                                   | claim_lapsed     |           |                     |
