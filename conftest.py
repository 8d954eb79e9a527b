"""What every test of the repository may use."""

from hypothesis import settings

pytest_plugins = ["interpares.common.testing.fixtures"]

# Two cores that are also busy with servers make single examples slow now and then; that is no failure.
settings.register_profile("interpares", deadline=None, print_blob=True)
settings.load_profile("interpares")
