"""Run the programme service: ``python -m interpares.programme api | worker | migrate``; or ``dry-run``."""

import sys

from interpares.common.runtime import main
from interpares.programme.entrypoints import dry_run
from interpares.programme.main import SERVICE

if __name__ == "__main__":
    if sys.argv[1:] == ["dry-run"]:
        sys.exit(dry_run.main())
    main(SERVICE)
