"""What guards need to know of the work of the office."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Desktop:
    """signatories: who may sign drafts, empty for anybody of the office. taken_over: files, by their hash."""

    signatories: tuple[UUID, ...] = ()
    taken_over: dict[str, UUID] = field(default_factory=dict)
