"""JSON columns with a shape: msgspec structs go in and come out."""

from typing import TypeAlias, TypeVar

import msgspec

Document: TypeAlias = dict[str, object]

Struct = TypeVar("Struct", bound=msgspec.Struct)


def to_documents(structs: list[Struct] | tuple[Struct, ...]) -> list[Document]:
    return msgspec.convert(msgspec.to_builtins(structs), list[Document])
