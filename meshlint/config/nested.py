"""What the configuration of a subtree may not say.

In: the settings of a nested file. Out: mistakes with their places. What speaks of the run or of the cluster as a whole
has one place, so that no folder can change what holds for its neighbours.
"""

from __future__ import annotations

from meshlint.config.model import OwnershipSetting, Settings
from meshlint.errors import ConfigError

WHOLE_RUN = ("fail_on", "complete", "assume", "environments", "required_exception_fields")
"""Fields of `Settings` that one file decides for the whole run."""


def check_nested(settings: Settings) -> list[ConfigError]:
    """Return the keys that only the outermost configuration may hold; a root of its own may hold them all."""
    if settings.root:
        return []
    wrong: list[tuple[str, ...]] = [(name.replace("_", "-"),) for name in WHOLE_RUN if name in settings.said]
    rows = zip(OwnershipSetting._fields, settings.ownership, OwnershipSetting(), strict=True)
    changed = [name for name, value, default in rows if name != "exempt" and value != default]
    wrong += [("ownership", name.replace("_", "-")) for name in changed]
    if not wrong:
        return []
    from meshlint.config.mistakes import Mistake, located, pointer_to

    help = "move it to the configuration of the root, or make this folder a root of its own with `root: true`"
    return located(
        [
            Mistake(pointer_to(steps) + "#", f"`{'.'.join(steps)}` holds for a whole run, not for a folder", help)
            for steps in wrong
        ],
        settings.text,
        settings.path or "",
    )
