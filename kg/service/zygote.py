"""Floor 10: a process that has read all code already, and forks workers from itself.

A worker that is ended has to be replaced soon, and importing takes longer than most queries do. Run
as `python -m kg.service.zygote FD SOURCE MEGABYTES SECONDS`; for each socket that comes over FD it
forks a worker that serves it, and sends back the worker's process id. It ends when FD is closed.
"""

import os
import signal
import socket
import struct
import subprocess
import sys
from importlib import import_module

from kg.service.allocator import with_settings
from kg.service.settings import Limits, Source

_PID = struct.Struct("<q")
_SECONDS = 20.0


class Zygote:
    """The server's end: starts the process when it is first needed, and again if it has ended."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._arguments = (source.pack(), str(limits.megabytes), str(limits.max_seconds))
        self._link: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def fork(self) -> tuple[socket.socket, int]:
        """Return a new worker: the socket to it, and its process id.

        Raises:
            OSError: if there is no room for another process.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                return ours, self._ask(theirs)
            except OSError:
                self.end()
            try:
                return ours, self._ask(theirs)
            except OSError:
                ours.close()
                raise

    def end(self) -> None:
        """End the process; its workers go on until their own sockets are closed."""
        if self._link is not None:
            self._link.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._link = self._process = None

    def _ask(self, theirs: socket.socket) -> int:
        if self._link is None:
            self._start()
        assert self._link is not None  # noqa: S101
        socket.send_fds(self._link, [b"+"], [theirs.fileno()])
        sent = self._link.recv(_PID.size, socket.MSG_WAITALL)
        if len(sent) < _PID.size:
            raise ConnectionResetError
        pid = int(_PID.unpack(sent)[0])
        if pid <= 0:
            raise OSError(-pid, "no worker can be started")
        return pid

    def _start(self) -> None:
        self._link, other = socket.socketpair()
        self._link.settimeout(_SECONDS)
        command = [sys.executable, "-m", "kg.service.zygote", str(other.fileno())]
        with other:
            self._process = subprocess.Popen(  # noqa: S603 (ourselves)
                [*command, *self._arguments],
                pass_fds=[other.fileno()],
                env=with_settings(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )


def _serve(link: socket.socket, source: Source, megabytes: int, seconds: float) -> None:
    # What the server need not import, and what each worker would have to read anew.
    from kg.namespaces import converter  # noqa: PLC0415
    from kg.service.jobs.saved import saved_queries  # noqa: PLC0415
    from kg.service.pages.rendering import prepare  # noqa: PLC0415
    from kg.service.worker import serve_link  # noqa: PLC0415

    if source.endpoint:
        import_module("kg.web.remote")
    prepare()
    saved_queries()
    # Pages link to registries, whatever form their IRIs have.
    converter()
    # The system takes leave of workers that have ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Ctrl-C is for the server, which ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        _, descriptors, _, _ = socket.recv_fds(link, 1, 1)
        if not descriptors:
            return
        try:
            pid = os.fork()
        except OSError as error:
            pid = -(error.errno or 1)
        if pid == 0:
            link.close()
            code = 1
            try:
                with socket.socket(fileno=descriptors[0]) as own:
                    serve_link(own, source, megabytes, seconds)
                code = 0
            finally:
                os._exit(code)
        os.close(descriptors[0])
        link.sendall(_PID.pack(pid))


def main() -> None:
    """Fork workers for the link that the process was given."""
    descriptor, source, megabytes, seconds = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as link:
        _serve(link, Source.unpack(source), int(megabytes), float(seconds))


if __name__ == "__main__":
    main()
