"""Settings of the server under test: each worker says when it has loaded the application.

Without the word of both, the first to be ready may answer a whole race alone.
"""

READY = "Worker is ready"


def post_worker_init(worker) -> None:
    """Write one line to the server's log; called by gunicorn in each worker once its application is loaded."""
    worker.log.info("%s (%s)", READY, worker.pid)
