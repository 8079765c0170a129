"""Reading in processes of their own, with limits on time and memory, so that no document stops the night.

A process reads one document after another. One that hangs, grows too large or dies is ended with all it
started, its document becomes a reject, and another process takes its place. What comes back is plain
JSON, never pickled objects.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, astuple
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from pipelines.reading.errors import ReadingError
from pipelines.reading.limits import MIB, Limits

_ROOT = Path(__file__).resolve().parents[2]
_START = "import sys; sys.path.insert(0, sys.argv[1]); from pipelines.reading.worker import serve; serve()"
_LENGTH = struct.Struct(">I")
_LARGEST_ANSWER = 2**30
# A process that has once been large is not trusted with the memory of the next document.
_RETIRED_ABOVE = 0.5
_GRACE = 2.0
# What ends its process so many times is the cause of it.
ATTEMPTS = 3

Message = dict[str, Any]


class WorkerPool:
    """Reading processes for one night; a context manager. Answers come in the order of the questions."""

    def __init__(self, limits: Limits, size: int = 0) -> None:
        self.limits = limits
        self.size = size or os.cpu_count() or 1
        self.idle: SimpleQueue[_Worker | None] = SimpleQueue()
        for _ in range(self.size):
            self.idle.put(None)
        self.threads = ThreadPoolExecutor(self.size)
        self.peak_bytes = 0
        self.slowest: tuple[float, str] = (0.0, "")

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.threads.shutdown(wait=True, cancel_futures=True)
        while not self.idle.empty():
            worker = self.idle.get()
            if worker is not None:
                worker.end()

    def read(self, raw_dir: Path, names: Iterable[tuple[str, str | None]]) -> Iterator[Message]:
        """Answers for documents given as (name below the raw folder, expected hash)."""
        return self.ask("read", raw_dir, names)

    def ask(self, task: str, raw_dir: Path, names: Iterable[tuple[str, str | None]]) -> Iterator[Message]:
        """An answer a document: {"ok": ...} or {"error": [reason code, sentence]}."""
        questions = [
            {"task": task, "raw_dir": str(raw_dir), "name": name, "document_id": document_id}
            for name, document_id in names
        ]
        yield from self.threads.map(self._answer, questions)

    def _answer(self, question: Message) -> Message:
        worker = self.idle.get()
        try:
            if worker is None:
                worker = _Worker(self.limits)
            started = time.monotonic()
            answer = worker.answer(question)
            for _ in range(ATTEMPTS - 1):
                if not answer.get("ended"):
                    break
                # Something else may have ended it, such as a machine short of memory.
                worker = _Worker(self.limits)
                answer = worker.answer(question)
            if answer.get("out_of_memory"):
                # What was read before may have left it too little: a process of its own shows what it needs.
                worker.end()
                worker = _Worker(self.limits)
                answer = worker.answer(question)
            self.slowest = max(self.slowest, (time.monotonic() - started, str(question["name"])))
            self.peak_bytes = max(self.peak_bytes, int(answer.get("peak_bytes", 0)))
            if worker.is_spent(answer):
                worker.end()
                worker = None
            return answer
        finally:
            self.idle.put(worker)


class _Worker:
    """One reading process and the pipe to it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.folder = tempfile.mkdtemp(prefix="hatangso-reading-")
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "HOME"}
        } | {
            "TMPDIR": self.folder,
            "OMP_THREAD_LIMIT": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONIOENCODING": "utf-8",
            "HATANGSO_WORKER_LIMITS": json.dumps(asdict(limits)),
        }
        self.process = subprocess.Popen(  # noqa: S603 -- this very program
            [sys.executable, "-c", _START, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=self.folder,
            start_new_session=True,
        )

    def answer(self, question: Message) -> Message:
        """What the process says, or what its end means."""
        name = str(question["name"])
        assert self.process.stdin is not None  # noqa: S101 -- opened as a pipe above
        assert self.process.stdout is not None  # noqa: S101
        allowed = float(self.limits.seconds)
        try:
            _write(self.process.stdin, question)
            started = time.monotonic()
            while True:
                message = _read(self.process.stdout, started + allowed + _GRACE)
                if message is None:
                    break
                if "more_time" in message:
                    allowed = float(max(self.limits.scan_seconds, self.limits.seconds))
                    continue
                return message
        except TimeoutError:
            self.end()
            return {
                "error": [
                    "limit_exceeded",
                    f"{name}: not read within {int(allowed)} seconds; split the document or ask for it in another format.",
                ],
                "dead": True,
            }
        except OSError:
            pass
        status = self.end()
        return {
            "error": [
                "reader_failed",
                f"{name}: the reading process ended unexpectedly ({_cause(status)}); the file is broken or harmful.",
            ],
            "dead": True,
            "ended": True,
        }

    def is_spent(self, answer: Message) -> bool:
        """Whether another process should take over."""
        peak = int(answer.get("peak_bytes", 0))
        return bool(answer.get("dead")) or peak > _RETIRED_ABOVE * self.limits.memory_bytes

    def end(self) -> int:
        """End the process with everything it started; returns its status."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        status = self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        return status


def _cause(status: int) -> str:
    if status >= 0:
        return f"status {status}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-status).name
    return f"signal {-status}"


def _write(pipe: Any, message: Message) -> None:
    body = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


def _read(pipe: Any, deadline: float) -> Message | None:
    """The next message; None at the end of the stream. Raises TimeoutError at the deadline."""
    head = _read_exactly(pipe.fileno(), _LENGTH.size, deadline)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LARGEST_ANSWER:
        return None
    body = _read_exactly(pipe.fileno(), length, deadline)
    if body is None:
        return None
    try:
        message = json.loads(body)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _read_exactly(descriptor: int, count: int, deadline: float) -> bytes | None:
    pieces: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while count:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise TimeoutError
            piece = os.read(descriptor, min(count, 2**20))
            if not piece:
                return None
            pieces.append(piece)
            count -= len(piece)
    return b"".join(pieces)


# --- inside the process -------------------------------------------------------------------


def serve() -> None:
    """Read documents as asked until the pipe closes. Runs in the reading process."""
    limits = Limits(**json.loads(os.environ["HATANGSO_WORKER_LIMITS"]))
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # A library that prints must not spoil the answers, and one that asks must not wait.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    _limit_process(limits)
    from pipelines.reading.deadline import on_request

    on_request(lambda reason: _write(answers, {"more_time": reason}))
    while True:
        question = _question(questions)
        if question is None:
            return
        answer = _answered(question, limits)
        answer["peak_bytes"] = _peak_bytes()
        try:
            _write(answers, answer)
        except MemoryError:
            _write(answers, _too_much_memory(str(question["name"]), limits))


def _limit_process(limits: Limits) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Pictures of pages are the only files it may write, and none of them is large.
    _, allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    largest = 256 * MIB if allowed == resource.RLIM_INFINITY else min(256 * MIB, allowed)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))


def _peak_bytes() -> int:
    """Largest memory so far of this process or of a program that it ran."""
    import resource

    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(_own_peak_kib(), children) * 1024


def _own_peak_kib() -> int:
    # ru_maxrss would count the process that started this one, as it was before it became this one.
    with contextlib.suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as lines:
        for line in lines:
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _question(stream: BinaryIO) -> Message | None:
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    message: Message = json.loads(stream.read(length))
    return message


def _too_much_memory(name: str, limits: Limits) -> Message:
    sentence = f"{name}: reading it needs more than {limits.memory_mib} MiB of memory; split the document."
    return {"error": ["limit_exceeded", sentence], "dead": True, "out_of_memory": True}


def _answered(question: Message, limits: Limits) -> Message:
    name = str(question["name"])
    try:
        return {"ok": _done(question, name, limits)}
    except ReadingError as error:
        return {"error": [error.reason_code, error.sentence]}
    except MemoryError:
        return _too_much_memory(name, limits)
    except RecursionError:
        return {"error": ["limit_exceeded", f"{name}: nested too deeply; ask for it in another format."]}
    except OSError as error:
        said = " ".join(str(error.strerror or error).split())[:120]
        return {"error": ["broken_file", f"{name}: cannot be read ({said}); ask for it again."]}


def _done(question: Message, name: str, limits: Limits) -> Any:
    from pipelines.reading.archive import list_members
    from pipelines.reading.detect import ARCHIVE, detect_format
    from pipelines.reading.read import read_content
    from pipelines.reading.source import read_source

    raw_dir, document_id = Path(question["raw_dir"]), question["document_id"]
    data = read_source(raw_dir, name, limits)
    if document_id is not None:
        import hashlib

        if hashlib.sha256(data).hexdigest() != document_id:
            raise ReadingError(
                "changed_while_read",
                f"{name}: the file changed while it was read; it is read the next night, once it is complete.",
            )
    if question["task"] == "list":
        return (
            [astuple(member) for member in list_members(data, name, limits)]
            if detect_format(data, name, limits) == ARCHIVE
            else None
        )
    file_format, text, blocks, omissions = read_content(data, name, limits)
    return [
        file_format,
        text,
        [astuple(block) for block in blocks],
        [astuple(omission) for omission in omissions],
    ]
