"""What all published events have in common."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Contract(BaseModel):
    """The data of a published event, full state of what it tells about.

    Only additive changes: readers ignore fields they do not know, a breaking change is a new version with a new TYPE.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    TYPE: ClassVar[str]
