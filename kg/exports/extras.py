"""Floor 8: libraries that only some exports need, and that are installed with an extra."""

from importlib import import_module
from types import ModuleType

from kg.errors import KgError


def load_extra(module: str, extra: str) -> ModuleType:
    """Import a library of an extra of this package, now that it is needed.

    Raises:
        KgError: if it is not installed.

    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise KgError(
            f"this export needs {package}, which cannot be loaded ({error}); "
            f"install it with: pip install 'kg[{extra}]'"
        ) from error
