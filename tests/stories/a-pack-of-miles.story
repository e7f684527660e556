A pack of miles

The car rental Cars buys miles for its customers, 1,000 for 8.33, out of packs it pays beforehand. 250 miles cost it 2.08 (2.0825), 300
cost 2.50 (2.499). What comes back goes back at the price it was booked at, though the price was raised meanwhile. When the pack is used
up it gives no more, and nothing is booked on either side. A number that is told twice is one activity.

```yaml
regulars: 1
program: miles
name: Miles
currency: EUR
zone: Europe/Berlin
wallets: {miles: {}}
rules:
  - {id: euro, on: purchase, wallet: miles, award: {give: per_amount, points: 1, per: "1.00"}}
```

| When             | Who  | What                                    | Answer          | Has       | Told                 |
|------------------|------|-----------------------------------------|-----------------|-----------|----------------------|
| 2027-03-01 10:00 | Ada  | joins                                   |                 |           | member.joined        |
| 10:01            | Cars | becomes a partner                       |                 |           |                      |
| 10:02            | Cars | agrees that the shop sells 1000 miles for 8.33 |          |           |                      |
| 10:03            | Cars | tells of 250 miles of Ada as r-1        | pack_used_up    |           |                      |
| 10:04            | Cars | pays 5.00 as pack-1                     | 5.00, 5.00 left |           |                      |
| 10:05            | Cars | tells of 250 miles of Ada as r-1        | -2.08, 2.92 left |          | points.adjusted Ada  |
| 10:05            | Cars | tells of 250 miles of Ada as r-1        | again: -2.08, 2.92 left |   |                      |
| 10:06            | Cars | tells of 300 miles of Ada as r-2        | -2.50, 0.42 left |          | points.adjusted Ada  |
| 10:07            | Ada  | looks                                   |                 | 550 miles |                      |
| 10:08            | Cars | tells of 60 miles of Ada as r-3         | pack_used_up    |           |                      |
| 2027-04-01 10:00 | Cars | agrees that the shop sells 1000 miles for 20.00 |         |           |                      |
| 10:01            | Cars | takes back 100 of r-1 as b-1            | 0.83, 1.25 left |           | points.adjusted Ada  |
| 10:02            | Cars | takes back r-1 as b-2                   | 1.25, 2.50 left |           | points.adjusted Ada  |
| 10:03            | Cars | takes back r-1 as b-3                   | nothing_left    |           |                      |
| 10:04            | Ada  | looks                                   |                 | 300 miles |                      |
| 10:05            | Cars | tells of 10 miles of Ada as r-4         | -0.20, 2.30 left |          | points.adjusted Ada  |
| 10:06            | Cars | tells of 10 miles of Ada as r-5 on 2027-03-31 23:00 | -0.08, 2.22 left |  | points.adjusted Ada |
| 10:07            | Ada  | looks                                   |                 | 320 miles |                      |
