"""Faults about referrals and what they gave."""

from tests.insight.verify.planting import ELSE, at, planted

REFERRALS = {
    "a friend brought more than the books say": planted(
        at(
            "update referral set referrer_units = referrer_units + 1",
            "referral",
            "state = 'rewarded' and referrer_units > 0",
        ),
        "referrals_fit",
    ),
    "points for a friend went to nobody we know of": planted(
        at(
            "update referral set referrer_entry = null, referrer_units = 0",
            "referral",
            "state = 'rewarded' and referrer_units > 0",
        ),
        "referrals_fit",
    ),
    "rewarded before the purchase was kept": planted(
        at(
            "update referral set due_at = settled_at + interval '1 day'",
            "referral",
            "state = 'rewarded'",
        ),
        "referrals_fit",
    ),
    "rewarded for a purchase that never was": planted(
        at(f"update referral set sale_id = {ELSE}", "referral", "state = 'rewarded'"),
        "referrals_fit",
    ),
    "taken back by an entry that is not there": planted(
        at(f"update referral set referrer_back = {ELSE}", "referral", "state = 'retracted'"),
        "referrals_fit",
    ),
    "a milestone for friends that were lost": planted(
        at(
            "update referral_milestone set friends = friends + 7",
            "referral_milestone",
            "undone_at is null",
        ),
        "referrals_fit",
    ),
    "one person counts as two friends": planted(
        "insert into member_alias (program_id, member_id, into_id)"
        " select r.program_id, r.member_id, o.member_id from referral r"
        " join referral o on o.program_id = r.program_id and o.state = 'rewarded'"
        " where r.state = 'retracted'",
        "referrals_fit",
        "merged_are_empty",
        "members_stand",
        "numbers_find",
    ),
    "a friend counts of whom no referral knows": planted(
        at(
            "update activity set external_id = 'nobody'",
            "activity",
            "kind = 'friend-stayed' and activity_id not in"
            " (select sale_id from activity where sale_id is not null)",
        ),
        "friends_counted",
    ),
    "a friend counts for somebody else": planted(
        at(
            "update referral set referrer_id = (select member_id from member m"
            " where m.program_id = referral.program_id and m.member_id <> referrer_id"
            " and m.member_id <> referral.member_id and state = 'active' limit 1),"
            " referrer_entry = null, referrer_units = 0",
            "referral",
            "state = 'rewarded'",
        ),
        "friends_counted",
        "referrals_fit",
    ),
    "a referral that nobody was told of": planted(
        at("delete from outbox", "outbox", "type = 'referral.rewarded'"), "referrals_told"
    ),
}
