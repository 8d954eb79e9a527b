"""``python -m interpares.registration api | worker | migrate [--operator SUBJECT]``."""

from interpares.common.runtime import main
from interpares.registration.main import SERVICE

if __name__ == "__main__":
    main(SERVICE)
