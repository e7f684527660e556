"""The embedded database's configuration, written out in full and explained line by line."""

from pathlib import Path

import psutil

from regulars.runtime.embedded.place import Place

MEBIBYTE = 1 << 20
MOST_BUFFERS_MIB = 8 * 1024
"""Beyond that whoever runs the machine says how much the database may have (ADR 0937)."""

POSTGRESQL_CONF = """\
# Written by Regulars at every start. Put settings of your own into {operator_conf};
# `regulars doctor` tells if one of them is unsafe.

hba_file = '{hba}'
ident_file = '{ident}'

# Only this machine, only through a private folder.
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
password_encryption = 'scram-sha-256'
# Nobody changes this file's meaning from inside the database.
allow_alter_system = off

# What was answered stays, through kill -9 and power loss.
fsync = {durable}
full_page_writes = {durable}
synchronous_commit = {durable}

# Many small writes: few checkpoints, no compression (the gate already bundles commits).
wal_level = replica
wal_compression = off
wal_buffers = 16MB
min_wal_size = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
max_wal_senders = 4
{archiving}

shared_buffers = {buffers}MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off

# Standings, lots and counters are updated all day: clean up early and in small portions.
autovacuum_max_workers = 2
autovacuum_naptime = 15s
autovacuum_vacuum_scale_factor = 0.05
autovacuum_vacuum_insert_scale_factor = 0.1
autovacuum_analyze_scale_factor = 0.05
autovacuum_vacuum_cost_limit = 1000

# A client that hangs in a transaction holds up the tills; it is cut off.
idle_in_transaction_session_timeout = 60s
client_connection_check_interval = 5s

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
default_text_search_config = 'pg_catalog.simple'

logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_line_prefix = '%m [%p] %q%u@%d '
log_lock_waits = on
log_min_duration_statement = 2s
# What fails or is slow is told, and not with whose name: the log would remember who was erased.
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0

include_if_exists = '{operator_conf}'
"""

ARCHIVING = """
# Every finished piece of the log is kept apart, and none is open for longer than this.
archive_mode = on
archive_command = '{command}'
archive_timeout = {seconds}s
"""

# The machine's user who runs Regulars is known to the kernel (peer); everybody else, the
# application included, shows a password. Lost secrets therefore never lock the books.
PG_HBA = """\
local  all          postgres  peer map=supervisor
local  replication  postgres  peer map=supervisor
local  all          all       scram-sha-256
"""
PG_IDENT = "supervisor  {user}  postgres\n"


def write_configuration(place: Place, caller: str, durable: bool, archiving: str = "") -> Path:
    """Write the configuration; `durable=False` is for throw-away test databases only."""
    hba, ident = place.folder / "pg_hba.conf", place.folder / "pg_ident.conf"
    main = place.folder / "postgresql.conf"
    _write(hba, PG_HBA)
    _write(ident, PG_IDENT.format(user=caller))
    text = POSTGRESQL_CONF.format(
        hba=_quoted(hba),
        ident=_quoted(ident),
        sockets=_quoted(place.sockets),
        operator_conf=_quoted(place.folder / "operator.conf"),
        durable="on" if durable else "off",
        buffers=_buffers_mib(durable),
        archiving=archiving,
    )
    _write(main, text)
    return main


def archiving(command: str, seconds: int) -> str:
    """The lines that have the log archived by this command."""
    return ARCHIVING.format(command=_quoted(command), seconds=seconds)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    # Run as root, the database's user must read it; there is no secret in it.
    path.chmod(0o644)


def _quoted(path: object) -> str:
    return str(path).replace("'", "''")


def _buffers_mib(durable: bool) -> int:
    if not durable:
        return 128
    eighth = psutil.virtual_memory().total // 8 // MEBIBYTE
    return max(128, min(MOST_BUFFERS_MIB, eighth))
