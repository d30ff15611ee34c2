"""The base of every noun: a frozen `msgspec.Struct` whose fields are named."""

from __future__ import annotations

from typing import Any, dataclass_transform

import msgspec
from msgspec import StructMeta


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _NounMeta(StructMeta):
    """Hands keyword-only fields down to every noun (msgspec itself does not), and tells type checkers so."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
        return super().__new__(cls, name, bases, namespace, **{"kw_only": True, **options})


class Noun(msgspec.Struct, metaclass=_NounMeta, frozen=True, gc=False, omit_defaults=True):
    """Base of every noun: immutable, named fields only, defaults left out of stored text."""
