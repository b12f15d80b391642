"""What the configuration of a subtree may not say.

In: the settings of a nested file. Out: mistakes with their places. What speaks of the run or of the cluster as a whole
has one place, so that no folder can change what holds for its neighbours.
"""

from __future__ import annotations

from meshlint.config.model import OwnershipSetting, Settings
from meshlint.errors import ConfigError

WHOLE_RUN = ("fail_on", "complete", "assume", "environments", "required_exception_fields", "baseline")
"""Fields of `Settings` that one file decides for the whole run."""

_HELP = "move it to the configuration of the root, or make this folder a root of its own with `root: true`"


def check_nested(settings: Settings) -> list[ConfigError]:
    """Return the keys that only the outermost configuration may hold; a root of its own may hold them all."""
    if settings.root:
        return []
    wrong: list[tuple[str, ...]] = [(name.replace("_", "-"),) for name in WHOLE_RUN if name in settings.said]
    rows = zip(OwnershipSetting._fields, settings.ownership, OwnershipSetting(), strict=True)
    changed = [name for name, value, default in rows if name != "exempt" and value != default]
    wrong += [("ownership", name.replace("_", "-")) for name in changed]
    if not wrong and not settings.packs:
        return []
    from meshlint.config.mistakes import Mistake, located, pointer_to

    found = [
        Mistake(pointer_to(steps) + "#", f"`{'.'.join(steps)}` holds for a whole run, not for a folder", _HELP)
        for steps in wrong
    ]
    found += [
        Mistake(pack.pointer, f"the pack {pack.name} holds for a whole run, not for a folder", _HELP)
        for pack in settings.packs
    ]
    return located(found, settings.text, settings.path or "")
