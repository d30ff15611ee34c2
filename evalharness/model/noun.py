"""The base of every noun: a frozen `msgspec.Struct` whose fields are named."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, TypeVar, dataclass_transform

import msgspec
from msgspec import StructMeta

OnScale: TypeAlias = Annotated[float, msgspec.Meta(ge=1, le=5)]  # a level, or a mean of levels


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _NounMeta(StructMeta):
    """Hands keyword-only fields down to every noun (msgspec itself does not), and tells type checkers so."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
        return super().__new__(cls, name, bases, namespace, **{"kw_only": True, **options})


class Noun(msgspec.Struct, metaclass=_NounMeta, frozen=True, gc=False, omit_defaults=True):
    """Base of every noun: immutable, named fields only, defaults left out of stored text."""


if TYPE_CHECKING:
    kept = functools.cached_property
else:

    class kept:  # noqa: N801  # used as `property` is
        """A property of a noun with `dict=True`, computed once; `functools.cached_property` locks until Python 3.12."""

        def __init__(self, function: Callable[[Any], Any]) -> None:
            self._function, self._name, self.__doc__ = function, function.__name__, function.__doc__

        def __get__(self, noun: Any, _: Any = None) -> Any:
            if noun is None:
                return self
            found = noun.__dict__[self._name] = self._function(noun)
            return found


N = TypeVar("N", bound=Noun)
V = TypeVar("V")
KEPT: Final = 64


def once(function: Callable[[N], V]) -> Callable[[N], V]:
    """Return `function` with what it said of the last nouns kept: a noun never changes, so each is asked once."""

    @functools.lru_cache(maxsize=KEPT)
    def kept(same: _Same) -> Any:
        return function(same.noun)

    @functools.wraps(function)
    def asked(noun: N) -> V:
        found: V = kept(_Same(noun))
        return found

    return asked


class _Same:
    """One noun, equal to itself alone: comparing all that a rubric says takes longer than most questions to it."""

    __slots__ = ("noun",)

    def __init__(self, noun: Any) -> None:
        self.noun = noun

    def __hash__(self) -> int:
        return id(self.noun)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.noun is self.noun
