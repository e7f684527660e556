"""Faults in members and tiers, in what was told, and in the fences of the database."""

from tests.insight.verify.planting import ELSE, at, one, planted

PEOPLE = {
    "the name of somebody who was erased comes back": planted(
        at("update member set given_name = 'Eve'", "member", "state = 'erased'"),
        "erased_are_nobody",
    ),
    "somebody who was erased can be called up": planted(
        """insert into identifier select program_id, 'phone', '+4930901820', member_id, joined_at
             from member where state = 'erased' limit 1""",
        "erased_are_nobody",
    ),
    "a word somebody left at the till outlives them": planted(
        """update activity set body = jsonb_set(body, '{details}', '{"note": "for Eve"}')
            where member_id = (select member_id from erasure order by program_id limit 1)""",
        "erased_are_nobody",
    ),
    "an erasure is lost": planted(
        at("delete from erasure", "erasure"),
        "erased_are_nobody",
    ),
    "a member is deleted": planted(
        at("delete from member", "member", "state = 'unregistered'"),
        "members_exist",
        "members_stand",
    ),
    "a standing is deleted": planted(
        "delete from standing where member_id = "
        "(select member_id from member where state = 'unregistered' order by 1 limit 1)",
        "members_stand",
        "tiers_follow",
    ),
    "whoever was merged is read as if they had not been": planted(
        at("update standing set tied = false", "standing", "tied"), "members_stand"
    ),
    "a number finds somebody else": planted(
        at(f"update identifier set member_id = {ELSE}", "identifier", "kind = 'number'"),
        "numbers_find",
        "members_exist",
    ),
    "a number was mistyped": planted(
        """with slip as (update member set number = '123456789012' where ctid =
                  (select min(ctid) from member) returning program_id, member_id)
           update identifier i set value = '123456789012' from slip
            where i.program_id = slip.program_id and i.member_id = slip.member_id
              and i.kind = 'number'""",
        "numbers_valid",
    ),
    "a tier nobody reached": planted(
        at("update standing set tier = 'silver'", "standing", "tier = 'bronze'"),
        "tiers_follow",
    ),
    "a tier that stays longer than it was granted for": planted(
        at("update standing set tier_until = '2099-01-01'", "standing", "tier is not null"),
        "tiers_follow",
    ),
    "a tier that came with new terms nobody published": planted(
        at("update tier_move set reason = 'terms'", "tier_move", "reason = 'reached'"),
        "changeovers_follow",
        "tiers_told",
    ),
    "no tier, but an end of it": planted(
        """update standing set tier = null where tier = 'bronze' and program_id = 1
               and member_id = (select member_id from member where state = 'unregistered'
                                   and program_id = 1)""",
        "tiers_follow",
    ),
    "a move between tiers is deleted": planted(
        at("delete from tier_move", "tier_move", "reason = 'reached'"),
        "tiers_follow",
        "tiers_told",
    ),
    "a tier no version names": planted(
        """with held as (update standing set tier = 'gold' where ctid =
                  (select min(ctid) from standing where tier = 'bronze') returning *)
           insert into tier_move
           select program_id, member_id, uuidv7(), 'bronze', 'gold', 'reached', null, tier_until,
                  tier_since, tier_since from held""",
        "tiers_known",
        "tiers_told",
    ),
}
TOLD = {
    "what is new is passed off as old": planted(
        at("update entry set actor = 'import:' || entry_id", "entry", "kind = 'earn'"),
        "imports_known",
        "points_told",
    ),
    "what was brought over is told all the same": planted(
        """insert into outbox select program_id, gen_random_uuid(), member_id, 1, 'points.earned',
                  jsonb_build_object('activity_id', cause_id), recorded_at
             from entry where kind = 'earn' and actor like 'import:%' and program_id = 1""",
        "points_told",
    ),
    "an import is forgotten": planted(
        "delete from import where program_id = 1",
        "causes_exist",
        "imports_known",
        "tiers_told",
    ),
    "an event is lost": planted(
        at("delete from outbox", "outbox", "type = 'points.earned'"), "points_told"
    ),
    "an event is told twice": planted(
        """insert into outbox select program_id, uuidv7(), member_id, sequence, type, payload,
                  recorded_at from outbox where type = 'points.expired' limit 1""",
        "points_told",
    ),
    "other points were told": planted(
        "update outbox set payload = jsonb_set(payload, '{points}', '999') where "
        + one("outbox", "type = 'points.expired'"),
        "points_told",
    ),
    "a redemption was not told": planted(
        at("delete from outbox", "outbox", "type = 'reward.held'"), "rewards_told"
    ),
    "a change of tier was not told": planted(
        at("delete from outbox", "outbox", "type = 'tier.changed'"), "tiers_told"
    ),
    "an event of a kind nobody knows": planted(
        at("update outbox set type = 'member.vanished'", "outbox", "type = 'member.joined'"),
        "events_in_order",
    ),
    "an event from the future": planted(
        at("update outbox set sequence = 999", "outbox"), "events_in_order"
    ),
}
FENCES = {
    "a trigger is silenced": planted(
        "alter table posting disable trigger append_only", "append_only"
    ),
    "nobody looks at what an erasure takes": planted(
        "drop trigger only_personal on entry", "append_only"
    ),
    "a trigger is gone": planted("drop trigger append_only on trail", "append_only"),
    "the application may change the books": planted(
        "grant update (amount) on posting to regulars_app", "append_only"
    ),
    "a fence is off": planted("alter table lot no force row level security", "programs_fenced"),
    "a policy is gone": planted("drop policy own_program on balance", "programs_fenced"),
    "the owner's own policy is gone": planted("drop policy owner on lot", "programs_fenced"),
    "a policy lets everybody in": planted(
        "create policy wide on member to regulars_app using (true)", "programs_fenced"
    ),
    "a policy says something else": planted(
        "alter policy own_program on entry using (true)", "programs_fenced"
    ),
    "a new table without a fence": planted(
        "create table coupon (program_id integer not null)", "programs_fenced"
    ),
    "the application owns a table": planted(
        "create table mine (one int); alter table mine owner to regulars_app", "app_owns_nothing"
    ),
    "the application sees everything": planted(
        "alter role regulars_app bypassrls", "app_owns_nothing"
    ),
    "the application may become the owner": planted(
        "grant regulars_owner to regulars_app", "app_owns_nothing"
    ),
}
