"""Settings of the programme service."""

from interpares.common.settings import ServiceSettings


class ProgrammeSettings(ServiceSettings):
    """Nothing beyond what every service needs; ``feed_urls`` names registration."""
