"""Words of the demo that stand in addresses and forms."""

from django.db.models import TextChoices

from s2s_portal.organisations.choices import Role


class Persona(TextChoices):
    """The people a visitor of the demo can be; the value is what `/demo/sign-in/` takes.

    One for each role, and a second commissioner: what one proposes, another has to approve.
    """

    EARLY_YEARS_ADVISER = "early-years-adviser", "Early Years Adviser"
    SEND_ADVISER = "send-adviser", "SEND Adviser"
    S2S_COORDINATOR = "s2s-coordinator", "S2S co-ordinator"
    S2S_TEACHER = "s2s-teacher", "S2S teacher"
    COMMISSIONER = "commissioner", "Commissioner"
    SECOND_COMMISSIONER = "second-commissioner", "Second commissioner"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"

    @property
    def role(self) -> Role:
        """What the person behind it is in the portal."""
        return Role.COMMISSIONER if self is Persona.SECOND_COMMISSIONER else Role[self.name]
