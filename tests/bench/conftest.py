"""The field of the benchmarks with a few members, on the tests' own PostgreSQL."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.field.ground import Ground
from bench.field.people import Seeded
from bench.field.seed import seed

from bench import goals
from regulars.runtime.embedded import Cluster

MEMBERS, RICH = 60, 20


@pytest.fixture(scope="session")
def field(cluster: Cluster, scratch: Path) -> tuple[Ground, Seeded]:
    """Databases for our side and every peer."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    ground = Ground(cluster, cluster.settings, folder)
    seeded = seed(ground, MEMBERS, RICH)
    goals.prepare(ground, list(goals.GOALS))
    return ground, seeded


@pytest.fixture
def ground(field: tuple[Ground, Seeded]) -> Iterator[Ground]:
    return field[0]


@pytest.fixture
def seeded(field: tuple[Ground, Seeded]) -> Seeded:
    return field[1]
