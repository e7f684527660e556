The return comes before its sale

The till in the cellar was cut off for a while, so the return arrives first. It waits, takes nothing
yet, and is set against the sale the moment that comes. In the end it is as if all had come in order.

Program: coffee-shop

| When             | Who | What                             | Answer               | Has                 | Told                           |
|------------------|-----|----------------------------------|----------------------|---------------------|--------------------------------|
| 2026-03-02 08:00 | Ada | joins                            |                      |                     | member.joined                  |
| 08:01            | Ada | gives back 1 coffee of R1 as B1  | waiting              | nothing             |                                |
| 08:02            | Ada | gives back 1 coffee of R1 as B1  | again: waiting       |                     |                                |
| 09:00            | Ada | buys 2 coffee 10.00 as R1        | 10 points, 2 stamps  | 5 points, 1 stamps  | points.earned, points.returned |
| 09:01            | Ada | gives back 2 coffee of R1 as B2  | too_much_returned    |                     |                                |
| 09:02            | Ada | gives back R1 as B3              | -5 points, -1 stamps | nothing             | points.returned                |
