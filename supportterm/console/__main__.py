"""``python -m supportterm.console`` writes ``docs/console.md``."""

import sys

from supportterm.console.describing import main

sys.exit(main())
