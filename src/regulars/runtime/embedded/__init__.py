"""The PostgreSQL that Regulars brings along: one folder, one process, no administrator."""

from regulars.runtime.embedded.cluster import Cluster, running_postgres

__all__ = ["Cluster", "running_postgres"]
