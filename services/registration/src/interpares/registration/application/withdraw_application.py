"""Withdraw an application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from interpares.registration.application.decided import decided
from interpares.registration.domain.application import Application
from interpares.registration.domain.grounds import Grounds

if TYPE_CHECKING:
    from uuid import UUID

    from interpares.common.sealed import SealedText
    from interpares.registration.application.decided import Decided
    from interpares.registration.application.ports import PendingApplications, Unit


@dataclass(frozen=True)
class WithdrawApplication:
    """acting_as: the capacity in which whoever withdraws it does so."""

    application_id: UUID
    reason_code: str
    reason: SealedText
    acting_as: str


async def withdraw_application(command: WithdrawApplication, unit: Unit, *, pending: PendingApplications) -> Decided:
    """Take an application back while it waits for a decision. Raises NotFound, ApplicationSettled."""
    application = await unit.load(Application, command.application_id)
    application.withdraw(Grounds(command.reason_code, command.reason.hash, command.acting_as))
    unit.write(pending.removing(application.id))
    unit.save(application, texts=(command.reason,))
    return decided(application, "application-withdrawal", "withdrawn", command.reason_code)
