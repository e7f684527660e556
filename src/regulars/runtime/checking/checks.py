"""What must be so before anybody's points are touched; each check says what to do if it is not."""

import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from regulars.runtime.backup.own_database import CUT_OFF, MARKED
from regulars.runtime.backup.shelf import own_backups
from regulars.runtime.installation.secret_files import secret_weaknesses
from regulars.runtime.installation.settings import Settings
from regulars.runtime.observing.board import everybody
from regulars.runtime.observing.seal import seal_state
from regulars.runtime.problems import SetupProblem
from regulars.runtime.storage.migrator import FOLDER, pending, read_migrations
from regulars.runtime.working.sealing.anchors import places

OLDEST_POSTGRES: Final = 160_000
LEAST_FREE_MIB: Final = 512
FURTHEST_CLOCKS_S: Final = 5
MEBIBYTE: Final = 1 << 20
LATE: Final = timedelta(minutes=15)
LONGEST_WITHOUT_BACKUP: Final = timedelta(days=2)
NO_BACKUPS: Final = (
    "No backups are made: set REGULARS_BACKUPS to a folder, on another disk if there is one: "
    "docs/guides/operator/backup.md."
)


@dataclass(frozen=True, slots=True)
class Examination:
    """What the checks look at: both connections, the settings and this machine's clock."""

    settings: Settings
    owner: Any
    app: Any
    now: Callable[[], datetime]
    migrations: Path = FOLDER


# The answer of a check: empty when all is well, else what is wrong and what to do.
Answer = list[str]
Check = Callable[[Examination], Awaitable[Answer]]


async def postgres_is_recent(exam: Examination) -> Answer:
    """PostgreSQL 16 or newer"""
    number = int(await exam.owner.fetchval("SHOW server_version_num"))
    if number >= OLDEST_POSTGRES:
        return []
    return [f"This is PostgreSQL {number // 10_000}: upgrade it to 16 or newer."]


async def commits_survive_a_power_cut(exam: Examination) -> Answer:
    """fsync, full_page_writes and synchronous_commit on"""
    wrong = []
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        # Asked as the application: a role may have settings of its own.
        value = await exam.app.fetchval(f"SHOW {name}")
        if value == "off":
            wrong.append(
                f"{name} is off, so acknowledged points could be lost: set {name} = on "
                "in the database's configuration and for its roles."
            )
    return wrong


async def application_is_fenced_in(exam: Examination) -> Answer:
    """the application's role is an ordinary one and owns nothing"""
    role = await exam.app.fetchrow(
        """
        SELECT rolname, rolsuper, rolbypassrls, rolcreaterole,
               (SELECT count(*) FROM pg_class WHERE relowner = r.oid) AS owned,
               (SELECT string_agg(o.rolname, ', ') FROM pg_roles o
                 WHERE NOT r.rolsuper AND o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'MEMBER')
                   AND (o.rolsuper OR o.rolbypassrls OR o.oid IN
                        (SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace))
               ) AS member_of
          FROM pg_roles r WHERE rolname = current_user
        """
    )
    name, wrong = role["rolname"], []
    for attribute, word in (
        ("rolsuper", "SUPERUSER"),
        ("rolbypassrls", "BYPASSRLS"),
        ("rolcreaterole", "CREATEROLE"),
    ):
        if role[attribute]:
            wrong.append(f"{name} has {word}: run `ALTER ROLE {name} NO{word}`.")
    if role["owned"]:
        wrong.append(
            f"{name} owns {role['owned']} tables or indexes: run "
            f"`REASSIGN OWNED BY {name} TO regulars_owner` and migrate as regulars_owner."
        )
    if role["member_of"]:
        wrong.append(
            f"{name} may become {role['member_of']}: run `REVOKE {role['member_of']} FROM {name}`."
        )
    return wrong


async def programs_are_fenced_off(exam: Examination) -> Answer:
    """every table with a program_id forces row-level security"""
    rows = await exam.owner.fetch(
        """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
           AND a.attname = 'program_id' AND NOT a.attisdropped
           AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
         ORDER BY 1
        """
    )
    return [
        f"Table {row['relname']} does not force row-level security, so one program could see "
        f"another's rows: run `ALTER TABLE {row['relname']} ENABLE ROW LEVEL SECURITY, "
        "FORCE ROW LEVEL SECURITY` and add the policy."
        for row in rows
    ]


async def tables_are_up_to_date(exam: Examination) -> Answer:
    """all migrations of this release are applied"""
    try:
        missing = await pending(exam.owner, read_migrations(exam.migrations))
    except SetupProblem as problem:
        return [str(problem)]
    if not missing:
        return []
    names = ", ".join(str(step) for step in missing)
    return [f"The database lacks {names}: run `regulars migrate`."]


async def no_restore_was_cut_off(exam: Examination) -> Answer:
    """no restore into this database was cut off"""
    return [CUT_OFF] if await exam.owner.fetchval(MARKED) else []


async def secrets_are_safe(exam: Examination) -> Answer:
    """secrets are long, random and closed to others"""
    return secret_weaknesses(exam.settings)


async def clocks_agree(exam: Examination) -> Answer:
    """this machine's clock and the database's agree"""
    before = exam.now()
    there = await exam.owner.fetchval("SELECT clock_timestamp()")
    after = exam.now()
    # The database read its clock somewhere between our two readings.
    apart_s = max((before - there).total_seconds(), (there - after).total_seconds())
    if apart_s <= FURTHEST_CLOCKS_S:
        return []
    return [
        f"The clocks are {apart_s:.0f} seconds apart (here {after:%Y-%m-%d %H:%M:%S}, database "
        f"{there:%Y-%m-%d %H:%M:%S} UTC): let NTP set both."
    ]


async def there_is_room(exam: Examination) -> Answer:
    """enough free disk space"""
    from regulars.runtime.embedded.place import folder_of

    places = [exam.settings.home, *([folder_of(exam.settings)] if exam.settings.embedded else [])]
    wrong = []
    for place in places:
        free_mib = shutil.disk_usage(place).free // MEBIBYTE if place.exists() else LEAST_FREE_MIB
        if free_mib < LEAST_FREE_MIB:
            wrong.append(f"Only {free_mib} MiB are free at {place}: make room or move it.")
    return wrong


async def the_night_ends(exam: Examination) -> Answer:
    """the night's work ends for every member"""
    if await exam.owner.fetchval("SELECT to_regclass('public.parked_member')") is None:
        return []
    rows = await exam.owner.fetch(
        """
        SELECT p.slug, m.step, m.member_id, m.reason, m.times
          FROM parked_member m JOIN program p USING (program_id)
         WHERE m.settled_at IS NULL ORDER BY m.parked_at DESC LIMIT 10
        """
    )
    return [
        f"{row['slug']}: {row['step']} leaves out mem_{row['member_id'].hex} after "
        f"{row['times']} tries ({row['reason'] or 'no reason given'}): run `regulars verify` to "
        "see what is wrong with this member's books, and report it; it is tried again each night."
        for row in rows
    ]


async def messages_leave_the_house(exam: Examination) -> Answer:
    """messages to members leave the house"""
    said, senders = [], exam.settings.senders
    if senders.mail is None and senders.sms is None:
        said.append(
            "No sender is set up, so members get no codes and no notices; staff can show a "
            "sign-in QR code. Set REGULARS_SMTP_HOST or REGULARS_SMS_DRIVER: "
            "docs/guides/operator/senders.md."
        )
    if await exam.owner.fetchval("SELECT to_regclass('public.delivery')") is None:
        return said
    rows = await exam.owner.fetch(
        """
        SELECT p.slug, count(*) AS many, (array_agg(d.reason ORDER BY d.settled_at DESC))[1] AS why
          FROM delivery d JOIN program p USING (program_id)
         WHERE d.state = 'parked' AND d.settled_at > $1::timestamptz - interval '1 day'
         GROUP BY p.slug ORDER BY p.slug
        """,
        exam.now(),
    )
    return said + [
        f"{row['slug']}: {row['many']} messages were parked since yesterday, the last one: "
        f"{row['why']}. Run `regulars senders parked`."
        for row in rows
    ]


async def proxies_are_known(exam: Examination) -> Answer:
    """the word of a proxy is believed, and of nobody else (REGULARS_TRUSTED_PROXIES)"""
    settings, said = exam.settings, []
    strangers: Counter[str] = Counter()
    for numbers, _ in everybody(settings):
        strangers.update(numbers.strangers)
    believed = [one for one in strangers if settings.proxies.believe(one)]
    for near, times in strangers.most_common():
        if near not in believed:
            said.append(
                f"{near} says for whom it asks ({times} times) and is not believed; believed are "
                f"{settings.proxies}. If it is your proxy, add it to REGULARS_TRUSTED_PROXIES: "
                "docs/guides/operator/proxies.md."
            )
    public = settings.public_url or ""
    if (
        public.startswith("https:")
        and not settings.tls_certificate
        and not settings.proxies.networks
    ):
        said.append(
            "REGULARS_PUBLIC_URL begins with https, yet no proxy is believed and there is no "
            "certificate here: cookies are not kept for TLS. Set REGULARS_TRUSTED_PROXIES or "
            "REGULARS_TLS_CERTIFICATE."
        )
    return said


async def the_seal_keeps_up(exam: Examination) -> Answer:
    """everything is sealed soon, and places outside are told"""
    seal = await seal_state(exam.owner, places(exam.settings))
    if seal is None:
        return []
    long_ago, said = exam.now() - LATE, []
    if seal.broken:
        said.append(
            f"The chain of {', '.join(seal.broken)} is broken, and nothing more of it is sealed: "
            "run `regulars verify --chain`, then docs/guides/operator/seal.md."
        )
    if seal.since is not None and seal.since < long_ago:
        said.append(
            f"What happened since {seal.since:%Y-%m-%d %H:%M} UTC is not sealed: let `regulars "
            "serve` run, or look for a transaction that stays open."
        )
    for place, since in seal.untold.items():
        if since is not None and since < long_ago:
            said.append(
                f"The anchor ({place}) was not told what was sealed since {since:%Y-%m-%d %H:%M} "
                "UTC: see `seal.anchor_away` in the log; docs/guides/operator/seal.md."
            )
    return said


async def backups_are_made(exam: Examination) -> Answer:
    """backups are made"""
    shelf = exam.settings.backups
    if shelf is None:
        # A database of one's own has an administrator with tools.
        return [NO_BACKUPS] if exam.settings.embedded else []
    try:
        ended = [kept.label.ended_at for kept in await own_backups(exam.settings, exam.owner)]
    except (SetupProblem, OSError) as wrong:
        return [f"The backups in {shelf} cannot be read: {wrong}"]
    if not ended:
        return [
            f"There is no backup of this installation in {shelf} yet: run `regulars backup`, best "
            "each night."
        ]
    if max(ended) >= exam.now() - LONGEST_WITHOUT_BACKUP:
        return []
    return [
        f"The last backup of this installation in {shelf} is of {max(ended):%Y-%m-%d %H:%M} UTC: "
        "see why there is none since (regulars-backup.timer), or run `regulars backup`."
    ]


REMARKS: Final[tuple[Check, ...]] = (
    the_night_ends,
    messages_leave_the_house,
    proxies_are_known,
    the_seal_keeps_up,
    backups_are_made,
)
"""What people should look at, and what keeps nobody from serving."""
CHECKS: Final[tuple[Check, ...]] = (
    postgres_is_recent,
    commits_survive_a_power_cut,
    application_is_fenced_in,
    programs_are_fenced_off,
    no_restore_was_cut_off,
    tables_are_up_to_date,
    secrets_are_safe,
    clocks_agree,
    there_is_room,
)
