"""A process fed, read and timed from outside: nothing it does makes this wait longer or hold more than was allowed."""

import os
import re
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from qunxing.races.sandbox.verdicts import Kind, Limits

TICK = 0.05  # seconds between looks at the clock and the folder
STEP = 1 << 16
TAIL = 8_000  # bytes kept of what is printed


@dataclass
class End:
    """How a process ended: its status as `wait` has it, why it was stopped, what it told and printed."""

    status: int = 0
    stopped: Kind | None = None
    words: str = ""
    told: bytearray = field(default_factory=bytearray)
    printed: bytearray = field(default_factory=bytearray)
    printed_bytes: int = 0
    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    finished: bool = False

    @property
    def signal(self) -> int:
        return os.WTERMSIG(self.status) if os.WIFSIGNALED(self.status) else 0


def never() -> bool:
    """Nobody asks it to stop."""
    return False


def watched(
    command: Callable[[int], list[str]],
    job: bytes,
    place: Path,
    limits: Limits,
    environment: Mapping[str, str],
    stop: Callable[[], bool] = never,
) -> End:
    """Run the command (given the number of the pipe it tells through) on the job until it ends or is stopped."""
    told, telling = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter with our own words)
            command(telling),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(telling,),
            cwd=place,
            env=dict(environment),
            start_new_session=True,
        )
    finally:
        os.close(telling)
    with os.fdopen(told, "rb", buffering=0) as pipe:
        return Watch(process, pipe, job, place, limits, stop).until_end()


class Watch:
    """One process being watched."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        told: IO[bytes],
        job: bytes,
        place: Path,
        limits: Limits,
        stop: Callable[[], bool] = never,
    ) -> None:
        self.process, self.place, self.limits, self.asked_to_stop = process, place, limits, stop
        self.job = memoryview(job)
        self.end = End()
        self.deadline = time.monotonic() + limits.seconds
        self.streams = selectors.DefaultSelector()
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process without pipes")
        self.input: IO[bytes] = process.stdin
        self.output: IO[bytes] = process.stdout
        os.set_blocking(self.input.fileno(), False)
        self.streams.register(self.input, selectors.EVENT_WRITE, self.feed)
        self.streams.register(self.output, selectors.EVENT_READ, self.hear)
        self.streams.register(told, selectors.EVENT_READ, self.be_told)

    def until_end(self) -> End:
        try:
            while not self.is_over():
                self.look()
        finally:
            self.close()
        return self.end

    def is_over(self) -> bool:
        """Whether the process is gone; what it left in the pipes is read then."""
        if self.gone():
            self.drain()
            return True
        return False

    def look(self) -> None:
        """One turn: whatever is ready, then the clock and the folder."""
        if self.streams.get_map():
            self.serve(TICK)
        else:
            time.sleep(0.001)
        self.weigh()
        if self.asked_to_stop():
            self.stop(Kind.CANCELLED, "ended on request")
        elif time.monotonic() > self.deadline:
            self.stop(Kind.TIMEOUT, f"not done after {self.limits.seconds:g} s")
        elif (size := size_of(self.place, self.limits.output_bytes)) > self.limits.output_bytes:
            self.stop(Kind.OUTPUT, f"left more than {self.limits.output_bytes} bytes in its folder ({size})")

    def serve(self, seconds: float) -> bool:
        """Wait for what is ready and see to it; whether anything was. What was stopped is not listened to any more."""
        ready = self.streams.select(seconds)
        for key, _events in ready:
            if self.end.stopped is None:
                key.data(key.fileobj)
        return bool(ready)

    def weigh(self) -> None:
        """The most memory held so far. Not what `wait` says: that counts the process that started it, too."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_bytes()
        except OSError:
            return
        if found := re.search(rb"VmHWM:\s+(\d+) kB", status):
            self.end.memory_bytes = int(found[1]) * 1024

    def feed(self, stream: IO[bytes]) -> None:
        try:
            self.job = self.job[os.write(stream.fileno(), self.job[:STEP]) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self.job = self.job[:0]
        if not self.job:
            self.streams.unregister(stream)
            stream.close()

    def hear(self, stream: IO[bytes]) -> None:
        """What is printed: the end is kept, all is counted."""
        data = self.taken(stream)
        self.end.printed = (self.end.printed + data)[-TAIL:]
        self.end.printed_bytes += len(data)
        if self.end.printed_bytes > self.limits.output_bytes:
            self.stop(Kind.OUTPUT, f"printed more than {self.limits.output_bytes} bytes")

    def be_told(self, stream: IO[bytes]) -> None:
        self.end.told += self.taken(stream)
        if len(self.end.told) > self.limits.result_bytes:
            self.stop(Kind.OUTPUT, f"told more than {self.limits.result_bytes} bytes")

    def taken(self, stream: IO[bytes]) -> bytes:
        """What is there; the stream is let go at its end."""
        data = os.read(stream.fileno(), STEP)
        if not data:
            self.streams.unregister(stream)
        return data

    def drain(self) -> None:
        """Read what a process that ended by itself left; what was stopped has nothing more to say."""
        while self.end.stopped is None and self.streams.get_map() and self.serve(0):
            continue

    def stop(self, kind: Kind, words: str) -> None:
        """End the process at once, with all that are of it."""
        if self.end.stopped is None:
            self.end.stopped, self.end.words = kind, words
        self.kill()
        for key in list(self.streams.get_map().values()):
            self.streams.unregister(key.fileobj)

    def kill(self) -> None:
        for send, target in ((os.killpg, self.process.pid), (os.kill, self.process.pid)):
            try:
                send(target, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def gone(self) -> bool:
        """Whether the process has ended; its figures are taken then."""
        if self.end.finished:
            return True
        pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
        if not pid:
            return False
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.end.status, self.end.finished = status, True
        self.end.cpu_seconds = used.ru_utime + used.ru_stime
        return True

    def close(self) -> None:
        """Nothing is left behind, whatever went wrong here."""
        if not self.end.finished:
            self.kill()
            self.process.wait()
        self.streams.close()
        for stream in (self.input, self.output):
            stream.close()


def size_of(place: Path, most: int) -> int:
    """Bytes in the folder, each file for at least a block; counted no further than until it is too much."""
    total = 0
    with os.scandir(place) as entries:
        for entry in entries:
            total += block_size(entry)
            if total > most:
                break
    return total


def block_size(entry: os.DirEntry[str]) -> int:
    """Of a sparse file what it takes, of any other what it holds."""
    try:
        return max(4096, entry.stat(follow_symlinks=False).st_blocks * 512)
    except FileNotFoundError:
        return 0
