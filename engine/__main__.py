"""`python -m engine`: the engine's commands alone, where there is no window to open."""

import sys

from engine.commands import main

if __name__ == "__main__":
    sys.exit(main())
