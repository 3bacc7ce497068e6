"""The demo: `serve` runs the portal on SQLite with invented data, `reset` throws the data away and loads it anew.

Two processes are served, the web server and the background jobs. They end together: when one dies, and when this
process gets Ctrl-C or SIGTERM. The data lives in var/ and is made under another name first, so that a demo that was
stopped while it loaded is not taken for one.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
DATABASE = VAR / "demo.sqlite3"
UNFINISHED = VAR / "demo-being-made.sqlite3"
SIDE_FILES = ("", "-wal", "-shm", "-journal")
SECONDS_TO_STOP = 8
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def environment(port: int, database: Path) -> dict[str, str]:
    """The person's own environment, with what makes this a demo on one file."""
    return os.environ | {
        "S2S_DEMO": "1",
        "DEBUG": "0",
        "DATABASE_URL": f"sqlite:///{database}",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "REDIS_URL": "memory://",
        "FILES_DIR": str(VAR / "files"),
    }


def manage(*arguments: str, port: int, database: Path) -> None:
    """Run a management command; its failure ends this program with its status."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment(port, database), check=False
    )
    if done.returncode:
        sys.exit(done.returncode)


def remove(database: Path) -> None:
    """Delete a SQLite file and the files SQLite keeps beside it."""
    for suffix in SIDE_FILES:
        Path(f"{database}{suffix}").unlink(missing_ok=True)


def prepare(port: int) -> None:
    """Bring the database up to date, making and filling it first if there is none, and collect the static files."""
    VAR.mkdir(exist_ok=True)
    if not DATABASE.exists():
        print("Loading the demo; this takes a minute or two.", flush=True)
        remove(UNFINISHED)
        manage("migrate", "-v0", port=port, database=UNFINISHED)
        manage("createcachetable", "-v0", port=port, database=UNFINISHED)
        manage("seed_demo", port=port, database=UNFINISHED)
        UNFINISHED.rename(DATABASE)
        remove(UNFINISHED)
    else:
        manage("migrate", "-v0", port=port, database=DATABASE)
    collect_static(port)


def collect_static(port: int) -> None:
    """Collect and compress static files, if any is newer than the last time."""
    newest = max(path.stat().st_mtime for path in (ROOT / "static").rglob("*") if path.is_file())
    manifest = VAR / "static" / "staticfiles.json"
    if not manifest.exists() or manifest.stat().st_mtime <= newest:
        manage("collectstatic", "--noinput", "-v0", port=port, database=DATABASE)


def listener(port: int) -> socket.socket:
    """The listening socket, or a sentence if somebody else has the port."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=2048)
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another: make demo PORT=8001")


def stop(processes: list[subprocess.Popen]) -> None:
    """End every process and what it started; who does not go when asked is made to."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    ends = time.monotonic() + SECONDS_TO_STOP
    for process in processes:
        try:
            process.wait(max(ends - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def serve(port: int) -> int:
    """Serve until one of the processes ends or somebody asks to stop; the exit status."""
    with listener(port) as door:
        prepare(port)
        # Only noted, not raised: make and the terminal both pass a signal on, and the second must not end the ending.
        asked = threading.Event()
        for number in ENDING:
            signal.signal(number, lambda *_: asked.set())
        web = ["-m", "gunicorn", "s2s_portal.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
        web += ["--bind", f"fd://{door.fileno()}", "--graceful-timeout", "3", "--log-level", "warning"]
        web += ["--no-control-socket"]
        processes: list[subprocess.Popen] = []
        try:
            processes.append(start(web, port, door.fileno()))
            processes.append(start(["manage.py", "run_jobs"], port))
            print(f"\nThe School to School portal is at http://127.0.0.1:{port}/ (Ctrl-C stops it).\n", flush=True)
            while all(process.poll() is None for process in processes):
                if asked.wait(0.3):
                    return 0
            print("One of the demo's processes has ended; stopping the other.", file=sys.stderr)
            return 1
        finally:
            stop(processes)


def start(command: list[str], port: int, *files: int) -> subprocess.Popen:
    """Start one process in a group of its own, so that Ctrl-C reaches it through us only."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(port, DATABASE),
        pass_fds=files,
        start_new_session=True,
    )


def reset(port: int) -> int:
    """Throw the demo's database and files away and load the demo anew."""
    remove(DATABASE)
    shutil.rmtree(VAR / "files", ignore_errors=True)
    shutil.rmtree(VAR / "mail", ignore_errors=True)
    prepare(port)
    print("The demo is back at its start. `make demo` serves it.")
    return 0


if __name__ == "__main__":
    chosen = int(os.environ.get("PORT") or 8000)
    # While the demo is loaded a signal ends us and, by the exception, the command that is running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit({"serve": serve, "reset": reset}[sys.argv[1]](chosen))
    except KeyboardInterrupt:
        sys.exit(130)
