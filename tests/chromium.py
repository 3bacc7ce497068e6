"""Where this machine's browser is."""

import os
import shutil


def chromium() -> str | None:
    """The path of a Chromium or Chrome: $CHROMIUM if set, or the first on PATH; None if there is none."""
    if os.environ.get("CHROMIUM"):
        return shutil.which(os.environ["CHROMIUM"])
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((found for name in names if (found := shutil.which(name))), None)
