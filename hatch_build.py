"""Compile the catalogue into the wheel, so that a run neither parses rule files nor imports what parses them.

In: the source tree, as hatchling builds it. Out: `meshlint/catalogue.bin` in the wheel. An editable install gets none:
there a changed rule file is compiled when it is next used.
"""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Write the compiled catalogue beside the sources and have it packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the rules of the tree that is being built; a rule with a mistake stops the build."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from meshlint.policy.catalogue import compiled_bytes

            data = compiled_bytes(os.path.join(self.root, "rules"))
        finally:
            sys.path.remove(self.root)
        self.folder = tempfile.mkdtemp()
        path = os.path.join(self.folder, "catalogue.bin")
        with open(path, "wb") as file:
            file.write(data)
        build_data["force_include"][path] = "meshlint/catalogue.bin"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made for the build."""
        folder = getattr(self, "folder", None)
        if folder is not None:
            os.unlink(os.path.join(folder, "catalogue.bin"))
            os.rmdir(folder)
