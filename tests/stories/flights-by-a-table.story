Flights by a table, a welcome and a birthday

What a flight gives stands in a table: by carrier and fare class, for each mile. In their first thirty days members
get it twice, after ten years again, on their birthday three times; never both, and the welcome goes first although the birthday would give
more. Thirty days are local days: the thirtieth is the first without.

```yaml
regulars: 1
program: table
name: Table
currency: EUR
zone: Europe/Istanbul
wallets:
  miles: {}
rules:
  - id: flight
    on: flight
    wallet: miles
    award:
      give: by_table
      of: distance
      by: [carrier, fare]
      rows:
        - {is: [LH, J], points: 2}
        - {is: [LH, "*"], points: 1}
        - {is: ["*", Y], points: "0.5", until_on: 2027-01-01}
  - {id: welcome, on: flight, wallet: miles, award: {give: multiply, by: 2}, group: joy, priority: 1,
     when: {if: days_since, before: 30}}
  - {id: ten-years, on: flight, wallet: miles, award: {give: multiply, by: 2}, group: joy, priority: 1,
     when: {if: days_since, at_least: 3650}}
  - {id: birthday, on: flight, wallet: miles, award: {give: multiply, by: 3}, group: joy,
     when: {if: anniversary}}
```

What comes out is rounded once, at the end: 301 half miles are 150.

| When             | Who | What                                                        | Answer     | Has        | Told          |
|------------------|-----|-------------------------------------------------------------|------------|------------|---------------|
| 2026-03-02 09:00 | Ada | joins with birthday=1990-03-20                              |            |            | member.joined |
| 09:10            | Ada | does flight with distance=1000 with carrier=LH with fare=J  | 4000 miles | 4000 miles | points.earned |
| 2026-03-20 10:00 | Ada | does flight with distance=301 with carrier=LH with fare=Y   | 602 miles  | 4602 miles | points.earned |
| 2026-04-01 08:59 | Ada | does flight with distance=301 with carrier=TK with fare=Y   | 150 miles  | 4752 miles | points.earned |
| 09:00            | Ada | does flight with distance=301 with carrier=TK with fare=J   | nothing    |            |               |
| 09:01            | Ada | does flight with carrier=LH with fare=J                     | nothing    |            |               |
| 2027-01-01 00:00 | Ada | does flight with distance=301 with carrier=TK with fare=Y   | nothing    |            |               |
| 2027-03-20 00:00 | Ada | does flight with distance=100 with carrier=LH with fare=J   | 600 miles  | 5352 miles | points.earned |
| 2027-03-21 00:00 | Ada | does flight with distance=100 with carrier=LH with fare=J   | 200 miles  | 5552 miles | points.earned |
| 00:01            | Ben | joins                                                       |            |            | member.joined |
| 00:02            | Ben | does flight with distance=-5 with carrier=LH with fare=J    | nothing    | nothing    |               |
| 00:03            | Ben | does flight with distance=7 with carrier=LH                 | 14 miles   | 14 miles   | points.earned |
