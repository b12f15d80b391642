"""From names to packs: what `--rules` and the configuration say.

In: the settings and the words of `--rules`. Out: packs in the order in which they are named, those of the configuration
first, each once. Whoever names none pays nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from meshlint.cache import Cache
from meshlint.config.model import ConfigErrors, PackReference, Settings
from meshlint.errors import UsageError
from meshlint.policy.catalogue import Catalogue
from meshlint.policy.packs.pack import Pack, read_pack

if TYPE_CHECKING:
    from meshlint.config.mistakes import Mistake


def packs_named(
    settings: Settings, given: Sequence[str], root: str | None, cache: Cache, ours: Catalogue
) -> list[Pack]:
    """Return the packs of a run.

    Raises ConfigErrors where the configuration names what is not there, UsageError where the command line does,
    RuleErrors for packs with mistakes.
    """
    folders = [*_configured(settings, ours), *map(_given, given)]
    packs: dict[str, Pack] = {}
    for folder in folders:
        real = os.path.realpath(folder)
        if real not in packs:
            packs[real] = read_pack(folder, cache, shown=shown_as(folder, root), ours=ours)
    return list(packs.values())


def shown_as(folder: str, root: str | None) -> str:
    """Return a folder as reports print it: relative to the root, or to the working folder, when it lies below."""
    relative = os.path.relpath(folder, root or os.curdir)
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return os.fsencode(folder if outside else relative).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def _configured(settings: Settings, ours: Catalogue) -> list[str]:
    folders, mistakes = [], []
    for pack in settings.packs:
        folder = pack.folder if pack.is_folder else _installed(pack.name)
        if folder and os.path.isdir(folder):
            folders.append(folder)
        else:
            mistakes.append(_missing(pack, folder, settings, ours))
    if mistakes:
        from meshlint.config.mistakes import located

        raise ConfigErrors(located(mistakes, settings.text, settings.path or ""))
    return folders


def _installed(name: str) -> str:
    from meshlint.policy.installed import folder_of

    return folder_of(name)


def _missing(pack: PackReference, folder: str, settings: Settings, ours: Catalogue) -> Mistake:
    from meshlint.config.mistakes import Mistake

    if pack.is_folder:
        told = f"{pack.name} is no folder" if os.path.lexists(folder) else f"there is no folder {pack.name}"
        return Mistake(pack.pointer, told, nearest_folder(pack.name, folder))
    told = f"there is no installed pack `{pack.name}`"
    if ours.find(pack.name):
        return Mistake(pack.pointer, told, f"it is a rule: write `select: [{pack.name}]`, or `{{{pack.name}: …}}` here")
    return Mistake(pack.pointer, told, _nearest_pack(pack.name, _beside(settings)))


def _beside(settings: Settings) -> str:
    """Return the folder of the configuration, as far as its packs tell."""
    return next((pack.folder.removesuffix(pack.name) for pack in settings.packs if pack.is_folder), os.curdir)


def nearest_folder(name: str, folder: str) -> str:
    """Return the question whether the folder beside `folder` with the nearest name was meant, as `name` is written."""
    from meshlint.spelling import nearest

    above, wanted = os.path.split(os.path.normpath(folder))
    try:
        with os.scandir(above) as entries:
            near = nearest(wanted, [entry.name for entry in entries if entry.is_dir()])
    except OSError:
        return ""
    written = name.rstrip("/")
    return f"did you mean `{written.removesuffix(wanted)}{near}`?" if near else ""


def _nearest_pack(name: str, beside: str) -> str:
    from meshlint.policy.installed import names
    from meshlint.spelling import did_you_mean

    if os.path.isdir(os.path.join(beside, name)):
        return f"write ./{name} for the folder"
    known: Iterable[str] = names()
    return did_you_mean(name, known) or "install it, or name a folder: `./policy`"


def _given(word: str) -> str:
    """Return the folder of a word of `--rules`: a path, or the name of an installed pack."""
    if os.path.isdir(word):
        return word
    if os.path.lexists(word):
        raise UsageError(f"--rules {word} is no folder", help=f"name its folder: {os.path.dirname(word) or '.'}")
    if "/" in word or word.startswith("."):
        raise UsageError(f"--rules {word}: there is no such folder", help=nearest_folder(word, os.path.abspath(word)))
    folder = _installed(word)
    if not folder:
        told = f"--rules {word}: there is neither a folder nor an installed pack of that name"
        raise UsageError(told, help=nearest_folder(word, os.path.abspath(word)) or _nearest_pack(word, os.curdir))
    return folder
