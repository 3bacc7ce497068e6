"""Cohorts: groups of children across schools, for whom a SEND Adviser files one request a school (R5).

Counts, year groups and needs. No child is named unless the adviser says why, and each with the parents' agreement.
"""

import uuid

from django.db import models
from django.db.models import Q

from referrals.choices import AgreementHow, Plan, Priority, YearGroup
from referrals.models.codes import IndesSection, NeedType
from s2s_portal.organisations.models import Establishment, User, Zone


class Cohort(models.Model):
    """The group as it is described once, for all its schools. From the first sending on the description stays."""

    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=150)
    zones = models.ManyToManyField(Zone, related_name="+")
    why_now = models.TextField(max_length=4000, blank=True)
    year_groups = models.JSONField(default=list, blank=True, help_text="Values of YearGroup.")
    children = models.PositiveSmallIntegerField(null=True, help_text="How many children, in all its schools.")

    primary_need = models.ForeignKey(NeedType, models.PROTECT, null=True, related_name="+")
    further_needs = models.ManyToManyField(NeedType, related_name="+")
    indes_section = models.ForeignKey(IndesSection, models.PROTECT, null=True, related_name="+")
    indes_level = models.PositiveSmallIntegerField(null=True)
    need_description = models.TextField(max_length=4000, blank=True)

    strategies_tried = models.TextField(max_length=4000, blank=True)
    strategies_outcome = models.TextField(max_length=4000, blank=True)

    support_wanted = models.JSONField(default=list, blank=True, help_text="Values of SupportKind.")
    goal_1 = models.CharField(max_length=500, blank=True)
    goal_2 = models.CharField(max_length=500, blank=True)
    goal_3 = models.CharField(max_length=500, blank=True)

    names_reason = models.TextField(
        max_length=1000, blank=True, help_text="Why children have to be named; blank: none is."
    )

    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="Of the description: two people do not save over it.")
    edition = models.PositiveIntegerField(
        default=1, help_text="Rises with every change to it or its schools: what was checked is what is sent."
    )
    sent_at = models.DateTimeField(null=True, help_text="When requests were first made of it; null: none yet.")
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["-changed_at", "-id"], name="referrals_cohort_newest")]

    def __str__(self) -> str:
        return self.reference


class CohortSchool(models.Model):
    """One school of a cohort: a line that becomes one request. `key` is the request's submission key."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="schools")
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField(
        default=1, help_text="Rises when a school is added again after its request ended."
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(help_text="Who goes first: the order of sending and of waiting.")
    plan = models.CharField(max_length=10, choices=Plan, default=Plan.NOW)
    sent_edition = models.PositiveIntegerField(
        null=True, help_text="The edition of the cohort with which its request was made; null: it has none."
    )

    children = models.PositiveSmallIntegerField(null=True)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.MEDIUM)
    goal_1 = models.CharField(max_length=500, blank=True, help_text="Instead of the cohort's goals, if given.")
    goal_2 = models.CharField(max_length=500, blank=True)
    goal_3 = models.CharField(max_length=500, blank=True)

    contact_name = models.CharField(max_length=200, blank=True)
    contact_job_title = models.CharField(max_length=100, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_telephone = models.CharField(max_length=30, blank=True)
    availability = models.TextField(max_length=1000, blank=True)

    agreed_by = models.CharField(max_length=200, blank=True, help_text="Who at the school agreed to the request.")
    agreed_on = models.DateField(null=True)

    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "establishment", "attempt"], name="referrals_cohortschool_once_an_attempt"
            ),
            models.CheckConstraint(name="referrals_cohortschool_plan_known", condition=Q(plan__in=Plan.values)),
            models.CheckConstraint(
                name="referrals_cohortschool_priority_known", condition=Q(priority__in=Priority.values)
            ),
        ]
        indexes = [models.Index(fields=["cohort", "position", "id"], name="referrals_cohort_order")]

    def __str__(self) -> str:
        return f"{self.establishment_id} of {self.cohort_id}"


class CohortChild(models.Model):
    """One named child at one school of a cohort. The database takes none without the parents' recorded agreement."""

    school = models.ForeignKey(CohortSchool, models.CASCADE, related_name="named_children")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    date_of_birth = models.DateField(db_index=True)
    year_group = models.CharField(max_length=2, choices=YearGroup, blank=True)
    agreement_by = models.CharField(max_length=200)
    agreement_on = models.DateField()
    agreement_how = models.CharField(max_length=15, choices=AgreementHow)
    agreement_held = models.CharField(max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referrals_cohortchild_agreement_recorded",
                condition=~Q(agreement_by="") & ~Q(agreement_held="") & Q(agreement_how__in=AgreementHow.values),
            )
        ]

    def __str__(self) -> str:
        return f"Child {self.pk} of {self.school_id}"


class CohortFileRow(models.Model):
    """One row of a list of schools that was uploaded or pasted, until somebody adds its school or drops it."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="file_rows")
    line = models.PositiveIntegerField(help_text="Where it stood in the file, from 1.")
    facts = models.JSONField(help_text="What the row said: the fields of importers.cohort_files.CohortFileRow.")
    problem = models.CharField(max_length=500, blank=True, help_text="Why the row could not be read; blank: it could.")
    picked = models.ForeignKey(
        Establishment, models.PROTECT, null=True, related_name="+", help_text="The school that the adviser picked."
    )
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["cohort", "line", "id"], name="referrals_cohort_file_order")]

    def __str__(self) -> str:
        return f"Line {self.line} for {self.cohort_id}"
