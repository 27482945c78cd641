"""What a bench is asked for by `--set NAME=VALUE`, as the settings that it has."""

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

import msgspec

from shiftdesk.errors import UsageProblem

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


Settings = TypeVar("Settings", bound="DataclassInstance")


def chosen(kind: type[Settings], options: Mapping[str, str]) -> Settings:
    """The dataclass `kind` by its defaults and the options, each read as its field's type.

    Raises UsageProblem for a name that is no field, and for a value that does not fit.
    """
    known = [field.name for field in fields(kind)]
    there_are = f"there are: {', '.join(known)}"
    if unknown := sorted(options.keys() - set(known)):
        raise UsageProblem(f"no setting {', '.join(unknown)}", there_are)
    try:
        return msgspec.convert(dict(options), kind, strict=False)
    except msgspec.ValidationError as error:
        raise UsageProblem(f"a setting does not fit: {error}", there_are) from error
