"""Run the programme service: ``python -m interpares.programme api | worker | migrate``."""

from interpares.common.runtime import main
from interpares.programme.main import SERVICE

if __name__ == "__main__":
    main(SERVICE)
