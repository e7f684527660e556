"""The two roles of the embedded database and what each may do from the first moment."""

import base64
import hashlib
import hmac
import os
from typing import Any

import asyncpg

from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.installation.secret_files import Secrets

ITERATIONS = 4096
PLAIN_ROLE = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT"


async def ensure_roles(superuser_dsn: str, secrets: Secrets) -> None:
    """Both roles with the passwords of the secret files, and the database, made if missing."""
    connection = await asyncpg.connect(superuser_dsn)
    try:
        kept = dict(await connection.fetch("SELECT rolname, rolpassword FROM pg_authid"))
        await _ensure_role(connection, OWNER_ROLE, secrets.database_owner_password, kept)
        await _ensure_role(connection, APP_ROLE, secrets.database_app_password, kept)
        there = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = 'regulars'")
        if not there:
            # Here and not with each further database: two made at once would change the same rows.
            await connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
    finally:
        await connection.close()
    if not there:
        await make_database(superuser_dsn, "regulars", "template0")


async def make_database(superuser_dsn: str, name: str, template: str) -> None:
    """A database of the owner which the application may enter and nobody else."""
    connection = await asyncpg.connect(superuser_dsn)
    # A filled database is copied by its files; row by row through the log it takes four times as
    # much.
    way = "WAL_LOG" if template == "template0" else "FILE_COPY"
    try:
        await connection.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {OWNER_ROLE} STRATEGY {way}'
        )
        # Rights on a database are not copied with its template.
        for statement in (
            f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC',
            f'GRANT CONNECT ON DATABASE "{name}" TO {APP_ROLE}',
        ):
            await connection.execute(statement)
    finally:
        await connection.close()


async def _ensure_role(
    connection: Any, role: str, password: str, kept: dict[str, str | None]
) -> None:
    if role not in kept:
        await connection.execute(f"CREATE ROLE {role} {PLAIN_ROLE}")
    if not _matches(password, kept.get(role)):
        # The password itself never reaches a statement, so no log can hold it.
        await connection.execute(f"ALTER ROLE {role} PASSWORD '{_verifier(password, None)}'")


def _matches(password: str, kept: str | None) -> bool:
    if not kept or not kept.startswith(f"SCRAM-SHA-256${ITERATIONS}:"):
        return False
    salt = base64.b64decode(kept.split("$")[1].split(":")[1])
    return hmac.compare_digest(_verifier(password, salt), kept)


def _verifier(password: str, salt: bytes | None) -> str:
    """What PostgreSQL keeps of a password.

    Source: RFC 5803; PostgreSQL documentation, chapter "pg_authid".
    """
    salt = salt or os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    salt_text, stored_text, server_text = (
        base64.b64encode(part).decode() for part in (salt, stored_key, server_key)
    )
    return f"SCRAM-SHA-256${ITERATIONS}:{salt_text}${stored_text}:{server_text}"
