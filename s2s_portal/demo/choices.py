"""Words of the demo that stand in addresses and forms."""

from django.db.models import TextChoices


class Persona(TextChoices):
    """The people a visitor of the demo can be, one for each role; the value is what `/demo/sign-in/` takes."""

    EARLY_YEARS_ADVISER = "early-years-adviser", "Early Years Adviser"
    SEND_ADVISER = "send-adviser", "SEND Adviser"
    S2S_COORDINATOR = "s2s-coordinator", "S2S co-ordinator"
    S2S_TEACHER = "s2s-teacher", "S2S teacher"
    COMMISSIONER = "commissioner", "Commissioner"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"
