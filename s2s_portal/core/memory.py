"""How the process that answers requests looks for garbage: seldom, as most objects go once nothing refers to them."""

import gc

from django.urls import get_resolver

EVERY = (50_000, 20, 10)
"""After how many new containers the youngest are looked through, and after how many such passes the older ones.

A dashboard makes tens of thousands of tuples and frees them itself: by Python's own 700 it was interrupted some
hundred times, and by the way the whole portal was looked through. 50,000 small objects weigh some megabytes, which is
what circles that nobody refers to may hold back at most until the next pass.
"""


def settle() -> None:
    """To be called once all is loaded: what is there now stays for ever and is never looked through again.

    Addresses are loaded first, with all views behind them: Django would do so at the first request, after this.
    """
    get_resolver().url_patterns  # noqa: B018
    gc.collect()
    gc.freeze()
    gc.set_threshold(*EVERY)
