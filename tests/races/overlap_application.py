"""A tiny WSGI application that says how many requests were inside it at once.

The proof that the harness races.
"""

import os
import threading
import time

_lock = threading.Lock()
_inside = 0
_most = 0


def application(environ, start_response):
    """Stay 50 ms, then answer `PID MOST`.

    This process and the most requests that were ever inside it together.
    """
    global _inside, _most
    with _lock:
        _inside += 1
        _most = max(_most, _inside)
    time.sleep(0.05)
    with _lock:
        _inside -= 1
        body = f"{os.getpid()} {_most}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
