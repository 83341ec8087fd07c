"""A decorator with the name and the effect of ``dataclass(frozen=True)``, which takes a quarter of the time.

``dataclasses`` compiles six methods for each class. Here, only ``__init__`` is compiled. The classes share the others.
Type checkers see the decorator of the standard library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool) -> Callable[[type], type]:
        """Return a decorator that makes a class a dataclass whose fields are set once, by ``__init__``."""
        assert frozen
        return _immutable


class _Methods:
    """The methods that all these dataclasses share."""

    __match_args__: tuple[str, ...]

    def __eq__(self, other: object) -> bool:
        return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        fields = zip(self.__match_args__, _values(self), strict=True)
        return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in fields)})"

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__ or name not in self.__match_args__:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _immutable(kind: type) -> type:
    made: type = dataclasses.dataclass(eq=False, repr=False)(kind)
    for name in ("__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__"):
        setattr(made, name, getattr(_Methods, name))
    return made


def _values(of: Any) -> tuple[Any, ...]:
    return tuple(getattr(of, name) for name in of.__match_args__)
