A day at the corner café

A point for each full euro of the whole basket, and a stamp for each coffee. 100 points are a
coffee. Somebody without a card earns nothing, and nothing is lost by that.

Program: coffee-shop

| When             | Who      | What                                   | Answer             | Has                  | Told            |
|------------------|----------|----------------------------------------|--------------------|----------------------|-----------------|
| 2026-03-02 08:00 | Ada      | joins with phone 030 901820            |                    |                      | member.joined   |
| 08:01            | Ada      | buys 2 coffee 7.80 as R1               | 7 points, 2 stamps | 7 points, 2 stamps   | points.earned   |
| 08:30            | somebody | buys coffee 3.90 as R2                 |                    |                      |                 |
| 12:10            | Ada      | buys cake 4.50, coffee 2.50 as R3      | 7 points, 1 stamps | 14 points, 3 stamps  | points.earned   |
| 12:11            | Ada      | buys cake 0.90 as R4                   |                    |                      |                 |
| 15:00            | Ada      | buys 85.99 as R5                       | 85 points          | 99 points, 3 stamps  | points.earned   |
| 15:01            | Ada      | takes free-coffee                      | not_enough_points  |                      |                 |
| 15:02            | Ada      | gets 1 points: the till was slow       |                    | 100 points, 3 stamps | points.adjusted |
| 15:03            | Ada      | takes free-coffee                      | captured           | 3 stamps             | reward.held, reward.captured |
| 18:00            | Ada      | gives back 1 coffee of R1              | -4 points, -1 stamps | 2 stamps           | points.returned |
