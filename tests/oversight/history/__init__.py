"""The dashboards' numbers counted once more on a generated history, from events, lines and bookings, in plain Python.

Nothing of the dashboards is used here, nor their rules, R10's clocks or the calendar's sums: days are counted one by
one, and where a request stands is what its events say.
"""
