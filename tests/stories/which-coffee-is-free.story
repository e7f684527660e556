Which coffee is free

Ten stamps make a coffee free. When several drinks are on the counter it is the cheapest, and the
till is told which; the free one earns no stamp, and the eleventh stamp of ten counts on. The free
one is the last of its line to come back, and brings its stamps back.

```yaml
regulars: 1
program: stamps
name: Stamps
currency: EUR
zone: Europe/Berlin
wallets:
  stamps: {kind: stamps}
rules:
  - {id: cup, on: purchase, wallet: stamps, award: {give: per_item, points: 1, categories: [coffee, tea]}}
rewards:
  - id: tenth
    name: The tenth is free
    price: {stamps: 10}
    gives: {kind: free_pieces, categories: [coffee, tea], up_to: "5.00"}
  - id: dear
    name: The dearest is free
    price: {stamps: 10}
    gives: {kind: free_pieces, categories: [coffee, tea], which: dearest}
  - id: yours
    name: Yours to name
    price: {stamps: 1}
    gives: {kind: free_pieces, categories: [coffee, tea], which: named}
```

| When             | Who | What                                       | Answer     | Has       | Told            |
|------------------|-----|--------------------------------------------|------------|-----------|-----------------|
| 2026-03-02 09:00 | Ada | joins                                      |            |           | member.joined   |
| 09:01            | Ada | buys 9 coffee 36.00 as R1                  | 9 stamps   | 9 stamps  | points.earned   |
| 09:02            | Ada | takes tenth of coffee 4.00                 | not_enough_points |    |                 |
| 09:03            | Ada | buys coffee 4.00, tea 3.00, cake 2.00 as R2 | 2 stamps  | 11 stamps | points.earned   |
| 09:04            | Ada | takes tenth                                | invalid    |           |                 |
| 09:05            | Ada | takes tenth of cake 2.00                   | nothing_fits |         |                 |
| 09:06            | Ada | takes tenth of coffee 5.01                 | nothing_fits |         |                 |
| 09:07            | Ada | takes tenth of coffee 4.00, 2 tea 5.00, cake 2.00 as F | captured: 1 tea 2.50 | 1 stamps | reward.held, reward.captured |
| 09:08            | Ada | buys coffee 4.00, 2 tea 5.00 less 2.00 with 1 free from F, cake 2.00 | invalid | | |
| 09:09            | Ada | buys coffee 4.00 less 2.50 with 1 free from F, 2 tea 5.00 | invalid | | |
| 09:10            | Ada | buys coffee 4.00, 2 tea 5.00 less 2.50 with 1 free from F, cake 2.00 as R3 | 2 stamps | 3 stamps | points.earned |
| 09:11            | Ada | buys 2 tea 5.00 less 2.50 with 1 free from F | invalid    |           |                 |
| 10:00            | Ada | gives back 1 tea of R3                     | -1 stamps  | 2 stamps  | points.returned |
| 10:01            | Ada | gives back 1 tea of R3                     |            | 12 stamps | points.returned |
| 10:02            | Ada | gives back R3                              | -1 stamps  | 11 stamps | points.returned |
| 10:03            | Ada | reserves yours of coffee 4.00, tea 3.00    | name_it    |           |                 |
| 10:04            | Ada | reserves yours of cake 4.00, tea 3.00      | held: 1 tea 3.00 | 10 stamps, 1 held stamps | reward.held |
| 10:05            | Ada | reserves yours of coffee 4.00, tea 3.00 naming 1 | held: 1 coffee 4.00 | 9 stamps, 2 held stamps | reward.held |
| 10:06            | Ada | reserves yours of coffee 4.00, cake 3.00 naming 2 | nothing_fits |  |                 |
