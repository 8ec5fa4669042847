from __future__ import annotations

import io

from agent.wire.logs import Unfailing


class FullDisk(io.StringIO):
    """A log file on a disk that is full for a while."""

    full = True

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(text)

    def flush(self) -> None:
        if self.full:
            raise OSError(28, "No space left on device")


def test_a_log_that_cannot_be_written_ends_nothing_and_goes_on_later() -> None:
    disk = FullDisk()
    log = Unfailing(disk)
    log.write("lost\n")
    log.flush()
    disk.full = False
    log.write("kept\n")
    log.flush()
    assert disk.getvalue() == "kept\n"
