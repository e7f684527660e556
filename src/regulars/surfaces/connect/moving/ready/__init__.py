"""Mappings that are ready: for our own files, and for the exports of other systems."""

from __future__ import annotations

from importlib import resources

OURS = "regulars"


def ready_names() -> list[str]:
    """The names of all ready mappings."""
    folder = resources.files(__package__)
    found = [each.name for each in folder.iterdir() if each.name.endswith(".yaml")]
    return sorted(name.removesuffix(".yaml") for name in found)


def ready_mapping(name: str) -> str:
    """The words of a ready mapping."""
    return (resources.files(__package__) / f"{name}.yaml").read_text("utf-8")
