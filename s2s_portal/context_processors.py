"""What every page's frame needs."""

from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """The signed-in person's navigation, the practice date and whether this is a demo."""
    return {"user": getattr(request, "user", None), "navigation": [], "practice": None, "demo": False}
