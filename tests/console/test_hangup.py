"""A terminal that goes away ends the console, even where everything waits for that terminal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from supportterm.console.hangup import GONE

#: The main thread hangs as Textual's does when its writer cannot write.
CHILD = """
import queue, signal, sys
from pathlib import Path
from supportterm.console.hangup import watch
signal.signal(signal.SIGHUP, lambda *_: Path(sys.argv[1], "around").touch())
watch(lambda: Path(sys.argv[1], "kept").write_text("all of it"))
print("ready", flush=True)
full = queue.Queue(1)
full.put(1)
full.put(2)
"""


@pytest.mark.parametrize("how", ["the terminal closes", "a signal"])
def test_what_was_written_is_kept_and_the_process_ends(how: str, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        stdin=slave,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    os.close(slave)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        if how == "a signal":
            child.send_signal(signal.SIGHUP)
        else:
            os.close(master)
            master = -1
        assert child.wait(20) == GONE
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
        if master >= 0:
            os.close(master)
    assert (tmp_path / "kept").read_text() == "all of it"
    assert (tmp_path / "around").exists()
