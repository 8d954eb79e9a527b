"""The registration service: who is who on the platform, and who applies to which programme."""
