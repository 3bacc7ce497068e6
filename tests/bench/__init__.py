"""Speed and memory, measured as ratios within one run (ENGINEERING §8). `make bench` prints them; no test is timed."""
