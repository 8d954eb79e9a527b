"""Settings of the registration service: those of every service; it needs none of its own."""

from interpares.common.settings import ServiceSettings


class RegistrationSettings(ServiceSettings):
    """See ``ServiceSettings``."""
