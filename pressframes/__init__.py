"""How do different outlets frame the same actors, in whose words, and how sure can we be?

>>> import pressframes
>>> study = pressframes.Study.load("seeds")  # doctest: +SKIP
"""

from importlib import import_module

_PLACES = {"Study": "pressframes.study", "InputError": "pressframes.errors", "WorkError": "pressframes.errors", "measures": "pressframes.measures", "Validation": "pressframes.validation"}
__all__ = sorted(_PLACES)


def __getattr__(name: str):
    """Load a public name when it is first asked for, so that `import pressframes` stays light."""
    if name not in _PLACES:
        raise AttributeError(f"module 'pressframes' has no attribute '{name}'")
    module = import_module(_PLACES[name])
    return module if name == "measures" else getattr(module, name)


def __dir__():
    return __all__
