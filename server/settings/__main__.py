"""``python -m server.settings`` writes ``docs/settings.md``."""

import sys

from server.settings.describing import main

sys.exit(main())
