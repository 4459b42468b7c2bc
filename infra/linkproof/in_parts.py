"""A vendor's SDK whose modules are imported one by one, where its own `__init__` imports all of them.

pulumi_cloudflare 6.23.1 loads 781 modules, 3.5 s of CPU in each run of the program; of pulumi_aws, which loads its modules
when they are asked for, only what is used. What is used of pulumi_cloudflare costs half of it (`bench/sdk_import.py`).
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

# What the modules of every SDK that Pulumi generates take from their package.
_OF_ALL_MODULES: Final = frozenset({"_inputs", "_utilities", "outputs"})


class _InParts(ModuleType):
    """Stands for the package until something else is asked of it; then it becomes the package."""

    def __getattr__(self, name: str) -> Any:
        if name in _OF_ALL_MODULES:
            return import_module(f"{self.__name__}.{name}")
        spec = self.__spec__
        if (name.startswith("__") and name != "__all__") or spec is None or spec.loader is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        self.__class__ = ModuleType  # type: ignore[assignment]
        spec.loader.exec_module(self)
        return getattr(self, name)


def import_in_parts(package: str) -> None:
    """From now on `from package.part import …` imports that part alone. Whoever asks the package for more gets all of it, as before.

    Nothing happens where the package is imported already.

    Raises:
        ModuleNotFoundError: there is no such package.
    """
    if package in sys.modules:
        return
    spec = find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    module = _InParts(package)
    module.__spec__ = spec
    module.__path__ = spec.submodule_search_locations
    module.__file__ = spec.origin
    module.__package__ = package
    module.__loader__ = spec.loader
    sys.modules[package] = module
