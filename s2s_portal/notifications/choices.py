"""The kinds of message the portal sends."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """One member for each message; its templates are `notifications/<kind in lower case>.{subject.txt,txt,html}`."""

    REQUEST_SENT_ADVISER = "REQUEST_SENT_ADVISER", "Request sent, to its adviser"
    REQUEST_SENT_CONTACT = "REQUEST_SENT_CONTACT", "Request sent, to the school or setting"
    REQUEST_REFUSED = "REQUEST_REFUSED", "Request refused, to its adviser"
    REQUEST_WITHDRAWN_ADVISER = "REQUEST_WITHDRAWN_ADVISER", "Request withdrawn, to its adviser"
    REQUEST_WITHDRAWN_CONTACT = "REQUEST_WITHDRAWN_CONTACT", "Request withdrawn, to the school or setting"
