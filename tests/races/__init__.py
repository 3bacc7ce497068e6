"""Many people at once, over HTTP, against real server processes, on both databases."""
