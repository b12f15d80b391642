"""Packs: folders of rules that somebody else wrote.

In: a folder that `--rules` or the configuration names, or an installed distribution. Out: `Pack`, its rules compiled
and kept compiled, and one catalogue of all. A folder is data and nothing else: reading it runs none of it. A pack adds
rules and tunes ours; it never takes the place of one.

    files        which files of a folder belong to a pack, within limits
    manifest     the form of pack.yaml
    versions     ranges of versions
    compiling    files to plain data, or every mistake of every file
    pack         a pack read: the door of this room
    joining      one catalogue of ours and all packs, or where two collide
    references   names to packs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.policy.packs.pack import Pack, read_pack

__all__ = ["Pack", "read_pack"]


def __getattr__(name: str) -> Any:
    """Import the door when it is used: a run without packs has no need of it."""
    if name not in __all__:
        raise AttributeError(name)
    from meshlint.policy.packs import pack

    return getattr(pack, name)
