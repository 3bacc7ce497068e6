"""Moments, ages and numbers as people write them. Pure."""

from datetime import date, datetime

from s2s_portal.core import calendar


def moment(at: datetime) -> str:
    """A moment in London time to the minute, such as "26 November 2024, 09:30"."""
    return f"{at.astimezone(calendar.LONDON):%-d %B %Y, %H:%M}"


def ago(day: date, today: date) -> str:
    """How long before `today` a day was: "today", "yesterday", "6 days ago", "3 weeks ago", "4 months ago"."""
    days = (today - day).days
    if days <= 1:
        return "yesterday" if days == 1 else "today"
    if days < 14:
        return f"{days} days ago"
    return f"{days // 7} weeks ago" if days < 70 else f"{days // 30} months ago"


def signed(number: int) -> str:
    """A number with its sign and a true minus, such as "+2" and "−1"."""
    return f"−{-number}" if number < 0 else f"+{number}"
