"""Rules about systems: what only Linux has is asked for first, so that macOS goes on without it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.tidy.source import Offence, Rule, Source, everywhere

ONLY_THERE = {
    "asyncio": ("PidfdChildWatcher",),
    "mmap": ("MAP_POPULATE", "MAP_STACK"),
    "os": (
        "O_DIRECT", "O_LARGEFILE", "O_NOATIME", "O_PATH", "O_TMPFILE", "copy_file_range",
        "eventfd", "fdatasync", "getrandom", "getresgid", "getresuid", "getxattr", "listxattr",
        "memfd_create", "pidfd_open", "pipe2", "posix_fadvise", "posix_fallocate", "preadv2",
        "pwritev2", "removexattr", "sched_getaffinity", "sched_getparam", "sched_setaffinity",
        "sched_setscheduler", "sendfile", "setns", "setresgid", "setresuid", "setxattr", "splice",
        "timerfd_create", "unshare",
    ),
    "resource": ("RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_SIGPENDING", "RUSAGE_THREAD", "prlimit"),
    "select": ("epoll",),
    "signal": ("SIGPWR", "SIGRTMAX", "SIGRTMIN", "SIGSTKFLT", "pidfd_send_signal", "sigtimedwait",
               "sigwaitinfo"),
    "socket": ("AF_NETLINK", "AF_PACKET", "SOCK_CLOEXEC", "SOCK_NONBLOCK", "SO_BINDTODEVICE",
               "TCP_KEEPIDLE", "TCP_QUICKACK", "TCP_USER_TIMEOUT", "TCP_DEFER_ACCEPT"),
    "time": ("CLOCK_BOOTTIME", "CLOCK_TAI"),
}  # fmt: skip
"""By module, what CPython has on Linux and not, or with another meaning, on macOS."""
ON_ANYTHING = ("cpu_affinity", "ionice", "prctl", "rlimit", "signalfd", "malloc_trim")
"""Methods of whatever they are called on (psutil, the C library)."""
PLACES = ("/proc", "/dev/shm", "/sys/", "/run/systemd")
ASKS = ("platform", "hasattr", "getattr", "suppress", "exists", "is_dir", "system")
ASKED_ELSEWHERE = frozenset({"tests/conftest.py", "tests/tidy/systems.py"})
"""A constant whose every reader asks whether the folder is there, and this list itself."""


def only_on_linux(source: Source) -> Iterator[Offence]:
    if source.place in ASKED_ELSEWHERE:
        return
    asked = {id(inner) for node in source.nodes if _asks(node) for inner in ast.walk(node)}
    for node in source.nodes:
        said = _only_linux(node)
        if said and id(node) not in asked:
            yield Offence(getattr(node, "lineno", 1), f"{said}: not on macOS; ask for it first")


def _only_linux(node: ast.AST) -> str:
    """What a node takes for granted; nothing where it is at home everywhere."""
    if isinstance(node, ast.Attribute):
        there = node.attr in ON_ANYTHING or node.attr in ONLY_THERE.get(_last(node.value), ())
        return node.attr if there else ""
    if isinstance(node, ast.ImportFrom):
        names = [each.name for each in node.names]
        found = [name for name in names if name in ONLY_THERE.get(node.module or "", ())]
        return ", ".join(found)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
        at = any(text == place or text.startswith(f"{place.rstrip('/')}/") for place in PLACES)
        return text if at else ""
    return ""


def _asks(node: ast.AST) -> bool:
    """Whether what is within happens only where there is such a thing."""
    if isinstance(node, ast.If | ast.IfExp):
        return any(_last(inner) in ASKS for inner in ast.walk(node.test))
    if isinstance(node, ast.With | ast.AsyncWith):
        return any(
            _last(inner) in ASKS for item in node.items for inner in ast.walk(item.context_expr)
        )
    if isinstance(node, ast.Try):
        caught = [each.type for each in node.handlers if each.type is not None]
        names = {_last(inner) for each in caught for inner in ast.walk(each)}
        return bool(names & {"OSError", "FileNotFoundError", "AttributeError", "ImportError"})
    return False


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


RULES = (
    Rule(
        "what only Linux has is asked for first",
        everywhere,
        only_on_linux,
        breaks=(
            "cores = len(os.sched_getaffinity(0))",
            "from os import fdatasync",
            "me.cpu_affinity([0])",
            "lines = Path('/proc/cpuinfo').read_text()",
            "folder = Path('/dev/shm')",
            "ctypes.CDLL(None).prctl(1, 9)",
            "try:\n    os.fdatasync(3)\nexcept ValueError:\n    pass",
            "if ready:\n    signal.sigtimedwait([1], 2)",
        ),
        keeps=(
            "import os\nos.fsync(3)",
            "if sys.platform == 'linux':\n    ctypes.CDLL(None).prctl(1, 9)",
            "n = len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else 1",
            "try:\n    lines = Path('/proc/cpuinfo').read_text()\nexcept OSError:\n    lines = ''",
            "with suppress(AttributeError):\n    me.cpu_affinity([0])",
            "place = '/processes'",
        ),
    ),
)
