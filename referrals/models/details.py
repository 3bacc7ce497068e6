"""What an adviser writes about a request: the same columns in a draft and in a sent request."""

from django.db import models

from referrals.choices import About, Agreement, AgreementHow, SenStatus, YearGroup
from referrals.models.codes import IndesSection, NeedType
from s2s_portal.organisations.models import Establishment


class RequestDetails(models.Model):
    """The answers of a request. In a draft any of them may still be blank; rules say what a sent one needs."""

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="+")

    conversation_on = models.DateField(null=True)
    conversation_with = models.CharField(max_length=200, blank=True)
    conversation_agreed = models.TextField(max_length=4000, blank=True)

    about = models.CharField(max_length=10, choices=About, blank=True)
    child_first_name = models.CharField(max_length=100, blank=True)
    child_last_name = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True)
    group_size = models.PositiveSmallIntegerField(null=True)
    group_description = models.CharField(max_length=500, blank=True)

    year_group = models.CharField(max_length=2, choices=YearGroup, blank=True)
    sen_status = models.CharField(max_length=1, choices=SenStatus, blank=True)
    primary_need = models.ForeignKey(NeedType, models.PROTECT, null=True, related_name="+")
    secondary_need = models.ForeignKey(NeedType, models.PROTECT, null=True, related_name="+")
    indes_section = models.ForeignKey(IndesSection, models.PROTECT, null=True, related_name="+")
    indes_level = models.PositiveSmallIntegerField(null=True)
    need_description = models.TextField(max_length=4000, blank=True)

    strategies_tried = models.TextField(max_length=4000, blank=True)
    strategies_outcome = models.TextField(max_length=4000, blank=True)

    agreement = models.CharField(max_length=10, choices=Agreement, blank=True)
    agreement_by = models.CharField(max_length=200, blank=True)
    agreement_on = models.DateField(null=True)
    agreement_how = models.CharField(max_length=15, choices=AgreementHow, blank=True)
    agreement_held = models.CharField(max_length=200, blank=True)

    contact_name = models.CharField(max_length=200, blank=True)
    contact_job_title = models.CharField(max_length=100, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_telephone = models.CharField(max_length=30, blank=True)
    availability = models.TextField(max_length=1000, blank=True)

    first_asked_at = models.DateTimeField(
        null=True, help_text="When this support was first asked for, under an earlier contract; null: now."
    )

    class Meta:
        abstract = True


DETAIL_FIELDS = tuple(field.attname for field in RequestDetails._meta.fields)
"""The columns above, as attribute names (`establishment_id`, …): what a submission copies from draft to request."""
