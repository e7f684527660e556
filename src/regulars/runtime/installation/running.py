"""The database for the length of a verb, embedded or your own."""

from collections.abc import Iterator
from contextlib import contextmanager

from regulars.runtime.installation.addresses import Addresses, addresses
from regulars.runtime.installation.secret_files import open_secrets
from regulars.runtime.installation.settings import Settings


@contextmanager
def database_running(settings: Settings) -> Iterator[Addresses]:
    """The database's addresses while it runs: found running, or started for this block."""
    open_secrets(settings)
    if not settings.embedded:
        yield addresses(settings)
        return
    from regulars.runtime.embedded import Cluster

    cluster = Cluster(settings)
    try:
        cluster.start()
        yield addresses(settings)
    finally:
        cluster.leave()
