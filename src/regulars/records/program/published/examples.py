"""An example for each part of a program file; a test holds each to what its part allows."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final[dict[str, str]] = {
    "Program": (
        "regulars: 1\nprogram: corner\nname: Corner Shop\ncurrency: EUR\nzone: Europe/Berlin\n"
        "wallets:\n  points: {}\n"
        "rules:\n  - id: point-per-euro\n    on: purchase\n    wallet: points\n"
        '    award: {give: per_amount, points: 1, per: "1.00"}\n'
    ),
    "Wallet": "kind: points\nname: Points\nexpiry: {after: 12 months, round_up_to: month}\n",
    "Forms": "zero: نقطة\ntwo: نقطتان\nfew: نقاط\nmany: نقطة\nother: نقطة\n",
    "Notice": "days: 30\n",
    "Inactivity": "after: 12 months\nreset_by: [purchase, redeeming]\n",
    "ComesBack": "days: 14\n",
    "LeastLife": "days: 14\n",
    "Transfers": "at_least: 10\nat_most: 500\nlimit: {points: 1000, per: month}\n",
    "TransferLimit": "points: 1000\nper: month\n",
    "ForDuration": "until: duration\nafter: 14 days\n",
    "UntilDate": "until: date\non: 2026-12-24\n",
    "UntilEvent": "until: event\ncancel_after: 30 days\n",
    "Rounding": "mode: floor\nscope: basket\ncarry: true\n",
    "Expiry": "after: 12 months\nround_up_to: month\n",
    "Qualifying": "except_categories: [gift-card, tobacco]\ntax: out\n",
    "All": "if: all\nof:\n  - {if: weekday, in: [sat, sun]}\n  - {if: channel, in: [app]}\n",
    "AnyOf": "if: any\nof:\n  - {if: hour, from: 22, until: 24}\n"
    "  - {if: hour, from: 0, until: 2}\n",
    "Not": "if: not\nthat: {if: store, in: [airport]}\n",
    "AmountIs": 'if: amount\nat_least: "25.00"\n',
    "AmountBounds": 'at_least: "28.00"\n',
    "SpendingProof": 'card_above: "5.00"\n',
    "Rate": 'counts: "0.92"\nfrom_on: 2026-07-01\n',
    "BasketHas": "if: basket_has\ncategories: [coffee]\nquantity: 2\n",
    "ChannelIs": "if: channel\nin: [web, app]\n",
    "StoreIs": "if: store\nin: [main-street]\n",
    "WeekdayIs": "if: weekday\nin: [sat, sun]\n",
    "HourIs": "if: hour\nfrom: 15\nuntil: 17\n",
    "DatesAre": "if: dates\nfrom_on: 2026-12-01\nuntil_on: 2027-01-01\n",
    "TierIs": "if: tier\nat_least: silver\n",
    "MemberIs": "if: member\nattribute: student\nin: [true]\n",
    "PlanIs": "if: plan\nruns: plus\n",
    "AnniversaryIs": "if: anniversary\nattribute: birthday\ndays_before: 3\ndays_after: 3\n",
    "DaysSince": "if: days_since\nattribute: joined-on\nbefore: 30\n",
    "ByTable": "give: by_table\nof: miles\nby: [carrier, fare-class]\nrows:\n"
    "  - {is: [LH, J], points: 2}\n  - {is: [LH, '*'], points: 1}\n"
    "  - {is: ['*', '*'], points: '0.5', until_on: 2027-01-01}\n",
    "TableRow": "is: [LH, '*']\npoints: 1\n",
    "CodeIs": "if: code\nin: [SUMMER24]\n",
    "DetailIs": "if: detail\ndetail: rating\nin: [1, 2, 3, 4, 5]\n",
    "PerAmount": 'give: per_amount\npoints: 2\nper: "1.00"\nonly_categories: [coffee]\n',
    "PerItem": "give: per_item\npoints: 1\ncategories: [coffee]\n",
    "Fixed": "give: fixed\npoints: 50\nstage: bonus\n",
    "Multiply": 'give: multiply\nby: "1.5"\n',
    "Limit": "per: month\npoints: 200\non_exceed: clip\n",
    "Cooldown": "hours: 4\n",
    "Rule": "id: happy-hour\nsays: Double points from three to five\non: purchase\n"
    "wallet: points\naward: {give: multiply, by: 2}\nwhen: {if: hour, from: 15, until: 17}\n",
    "Budget": "id: spring\nwallet: points\nper: month\npoints: 50000\n",
    "Stacking": "base: best\nmultipliers: additive\n",
    "Tier": 'id: silver\nname: Silver\nat: "500.00"\nperks: [Free delivery]\n',
    "FurtherStep": "id: regular\nname: Regular\nat: 10\n",
    "Ladder": "measure: visits\nsteps:\n  - {id: regular, at: 10}\n",
    "Measure": "measure: visits\n",
    "Tiers": 'measure: spend\nwindow: calendar_year\nsteps:\n  - {id: silver, at: "500.00"}\n'
    '  - {id: gold, at: "1500.00"}\n',
    "Buyers": "points: {points: 500}\nper: month\n",
    "Minors": "points: {points: 200}\nper: month\n",
    "Join": "by: anyone\nminimum_age: 16\nguardian_for_minors: true\n",
    "RewardLimit": "times: 1\nper: month\n",
    "PaysIn": 'points: 100\nper: "1.10"\n',
    "WorthIn": 'worth: "5.50"\noff: "5.50"\nfrom_amount: "20.00"\n',
    "PayWithPoints": 'wallet: points\npoints: 100\nper: "1.00"\nminimum: 500\nstep: 100\n'
    'at_most_percent: 50\nleaves_at_least: "1.00"\n',
    "PayingOut": 'wallet: money\nminimum: "10.00"\nsays: Your cashback\n',
    "OtherPrice": 'price: {points: 50}\nmoney: "2.00"\n',
    "Discount": 'kind: discount\npercent: 10\nat_most: "20.00"\n',
    "Item": "kind: item\nsku: flat-white\n",
    "FreePieces": "kind: free_pieces\ncategories: [coffee]\nwhich: cheapest\n",
    "Code": "kind: code\nvalid_for: 90 days\npercent: 10\n",
    "Seat": "kind: seat\nbegins: 2026-12-11T19:00\nseats: 12\nwhere: Roastery\n",
    "Donation": 'kind: donation\ncause: City forest\namount: "5.00"\n',
    "Payout": 'kind: payout\namount: "10.00"\n',
    "Reward": "id: free-coffee\nname: A free coffee\nprice: {points: 100}\n"
    'worth: "3.50"\ncost: "0.80"\n',
    "BenefitPoints": "wallet: points\npoints: 5000\n",
    "Allowance": "times: 4\nper: reached\ngood_for: 12 months\n",
    "Guests": "most: 1\nwho: others\n",
    "OpenHours": 'on: [mon, tue, wed, thu, fri]\nfrom: "10:00"\nuntil: "18:00"\n',
    "Appointments": 'hours: [{on: [mon, thu], from: "10:00", until: "18:00"}]\nlasts: 60\n'
    "places: 2\ncancel_until: 24 hours\nmissed: counted\n",
    "AroundBirthday": "days_before: 3\ndays_after: 3\n",
    "Associate": "chosen: fewest\ngrace: 3 months\n",
    "Days": "from_on: 2026-12-20\nuntil_on: 2027-01-07\n",
    "Benefit": "id: companion\nname: A companion flies along\ntier: gold\n"
    "allowance: {times: 2, per: year}\nneeds: [companion]\n"
    "blackout: [{from_on: 2026-12-20, until_on: 2027-01-07}]\n",
    "Plan": 'id: plus\nname: Plus\nfee: "49.00"\nterm: year\ntrial: 14 days\ngrace: 7 days\n'
    "gives: {wallet: points, points: 500}\n",
    "TermPoints": "wallet: points\npoints: 500\non: renewals\n",
    "Blocked": "may_earn: true\n",
    "Household": "most_members: 6\nspends: everyone\n",
    "Changeover": "members: step_by_step\nuntil_on: 2028-01-01\nremoved: {platinum: gold}\n",
    "Purse": "per: month\npoints: 100000\n",
    "Side": "points: 500\nbudget: {per: month, points: 100000}\n",
    "MostFriends": "per: month\ntimes: 3\n",
    "Milestone": "friends: 5\npoints: 500\n",
    "Referral": "wallet: points\nreferrer: {points: 500}\nnewcomer: {points: 300}\n"
    'amount: "20.00"\nafter: 14 days\nmost: {per: month, times: 3}\n'
    "milestones: [{friends: 5, points: 500}]\n",
    "Challenge": "id: ten-coffees\nname: Ten coffees in a month\ntarget: 10\nmeasure: items\n"
    "counts: {categories: [coffee]}\nevery: month\nprize: {wallet: points, points: 50}\n",
    "Advocacy": "on: review\nname: A review\nabout: product\nproof: true\nmoderated: 14 days\n",
    "Together": "most: 5\neach: 2\n",
    "Deed": 'on: purchase\namount: "5.00"\nstores: [main-street]\n',
    "Prize": "wallet: points\npoints: 100\nbadge: Early bird\n",
    "Streak": "id: every-week\nname: Every week\nevery: week\n"
    "freezes: {per: quarter, times: 1}\nmilestones:\n"
    "  - {length: 4, prize: {wallet: points, points: 20}}\n"
    "  - {length: 12, prize: {badge: Regular}}\n",
    "Freezes": "per: quarter\ntimes: 1\n",
    "Reached": "length: 4\nprize: {wallet: points, points: 20}\n",
    "DeedMilestone": "id: tenth-visit\nname: Every tenth visit\nwallet: points\n"
    "counts: {on: visit}\nsteps: [{at: 10, points: 50, again: true}]\n",
    "Leaderboard": "id: coffees\nname: Most coffees of the week\nmeasure: items\n"
    "counts: {categories: [coffee]}\nstores: [main-street, station]\nnames: nickname\n",
    "BoardPrize": "place: 2\nto: 5\nwallet: points\npoints: 50\n",
    "Draw": "id: summer\nname: Summer draw\nfrom_on: 2026-06-01\nuntil_on: 2026-09-01\n"
    "prize: A bicycle\nwords: the lottery of 12 September 2026\n"
    'measure: spend\neach: "10.00"\nmost: 100\n',
    "DrawPrize": "wallet: points\npoints: 500\n",
    "MilestoneStep": 'at: "500.00"\npoints: 100\n',
    "Caution": "share_percent: 15\n",
    "Case": "says: A coffee gives 3 points\ngiven:\n  kind: purchase\n"
    "  at: 2026-03-02T08:15\n  lines:\n"
    '    - {sku: latte, category: coffee, quantity: 1, amount: "3.90"}\nearns: {points: 3}\n',
}
