"""The command line: one module a command, imported when it is called.

In: arguments. Out: exit codes, text on standard output and standard error. It knows every room and none knows it.
"""

from __future__ import annotations

from meshlint.cli.main import main

__all__ = ["main"]
