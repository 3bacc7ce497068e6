"""Words of what is asked for, and of the waiting list, refusals and cohorts."""

from django.db.models import TextChoices


class Section(TextChoices):
    """The short sections of a request, in order; the value stands in the address of its page."""

    SETTING = "setting", "School or setting"
    CONVERSATION = "conversation", "Your conversation with the setting"
    CHILD = "child", "The child or group"
    NEEDS = "needs", "Needs"
    TRIED = "tried", "What has been tried"
    SUPPORT = "support", "Support wanted and goals"
    AGREEMENT = "agreement", "Parental agreement"
    CONTACT = "contact", "Contact and availability"


class SectionState(TextChoices):
    NOT_STARTED = "NOT_STARTED", "Not started"
    IN_PROGRESS = "IN_PROGRESS", "In progress"
    DONE = "DONE", "Done"
    NEEDS_ATTENTION = "NEEDS_ATTENTION", "Needs attention"


class About(TextChoices):
    CHILD = "CHILD", "One child"
    GROUP = "GROUP", "A group of children"


class SenStatus(TextChoices):
    """SEN provision codes of the school census (DOMAIN §C2)."""

    N = "N", "No special educational need recorded"
    K = "K", "SEN support"
    E = "E", "Education, health and care plan (EHCP)"


class YearGroup(TextChoices):
    """School years, and the two nursery years before them (DOMAIN §C5)."""

    UNDER_2 = "U2", "Under 2 on 31 August"
    N1 = "N1", "Nursery: age 2 on 31 August"
    N2 = "N2", "Nursery: age 3 on 31 August (the year before Reception)"
    R = "R", "Reception"
    Y1 = "1", "Year 1"
    Y2 = "2", "Year 2"
    Y3 = "3", "Year 3"
    Y4 = "4", "Year 4"
    Y5 = "5", "Year 5"
    Y6 = "6", "Year 6"
    Y7 = "7", "Year 7"
    Y8 = "8", "Year 8"
    Y9 = "9", "Year 9"
    Y10 = "10", "Year 10"
    Y11 = "11", "Year 11"
    Y12 = "12", "Year 12"
    Y13 = "13", "Year 13"


class SupportKind(TextChoices):
    """What S2S offers (DOMAIN §A2)."""

    OBSERVATION = "OBSERVATION", "Observation and recommendations"
    ADVICE = "ADVICE", "Advice or consultation"
    MODELLING = "MODELLING", "Modelling strategies in the room"
    TRAINING_STAFF = "TRAINING_STAFF", "Training for individual staff"
    TRAINING_WHOLE = "TRAINING_WHOLE", "Training for all staff"
    RESOURCES = "RESOURCES", "Making resources"
    PLAN_REVIEW = "PLAN_REVIEW", "Review of a support plan"
    REVERSE_VISIT = "REVERSE_VISIT", "Visit by your staff to a special school"


class Agreement(TextChoices):
    """Whether the parents have agreed (R11). It is not called GDPR consent."""

    YES = "YES", "Yes, a parent or carer has agreed"
    NOT_YET = "NOT_YET", "Not yet"
    NOT_NEEDED = "NOT_NEEDED", "Not needed: no child is named"
    WITHDRAWN = "WITHDRAWN", "A parent or carer has withdrawn it"


class AgreementHow(TextChoices):
    IN_PERSON = "IN_PERSON", "In person"
    BY_TELEPHONE = "BY_TELEPHONE", "By telephone"
    BY_EMAIL = "BY_EMAIL", "By e-mail"
    SIGNED_FORM = "SIGNED_FORM", "On a signed form"


class RefusalRule(TextChoices):
    """Which rule refused a request (R6)."""

    NO_QUOTA = "NO_QUOTA", "no places have been bought"
    NOT_YET_OPEN = "NOT_YET_OPEN", "requests are not open yet"
    CUT_OFF = "CUT_OFF", "the cut-off has passed"
    FULL = "FULL", "all places are used"
    OTHERS_WAITING = "OTHERS_WAITING", "others wait for the places that are free"
    COHORTS_ONLY = "COHORTS_ONLY", "the contract takes cohorts only"
    OTHER_REFERRERS = "OTHER_REFERRERS", "only SEND Advisers file under this contract"


class Giving(TextChoices):
    """How a place that comes free reaches those who wait (R7)."""

    NOT_YET = "NOT_YET", "the period has not opened"
    AUTOMATIC = "AUTOMATIC", "in order, within seconds"
    BY_HAND = "BY_HAND", "in order, given by the commissioner"
    OVER = "OVER", "nobody gets a place any more"


class WithdrawReason(TextChoices):
    CHILD_MOVED = "CHILD_MOVED", "The child has moved or left"
    SUPPORT_ELSEWHERE = "SUPPORT_ELSEWHERE", "Support has been found elsewhere"
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED", "Support is no longer needed"
    AGREEMENT_REFUSED = "AGREEMENT_REFUSED", "The parents do not agree"
    SENT_BY_MISTAKE = "SENT_BY_MISTAKE", "It was sent by mistake"
    OTHER = "OTHER", "Another reason"


class Priority(TextChoices):
    """How soon a school of a cohort needs support; the adviser's own judgement."""

    HIGH = "HIGH", "High"
    MEDIUM = "MEDIUM", "Medium"
    LOW = "LOW", "Low"


class CohortPart(TextChoices):
    """The short pages on which a cohort is described, in order; the value stands in the address of its page."""

    GROUP = "group", "The children and why now"
    NEEDS = "needs", "Needs and what has been tried"
    SUPPORT = "support", "Support wanted and goals"


class Plan(TextChoices):
    """What the adviser means to do with a school of a cohort at the next sending (R5)."""

    NOW = "NOW", "Send now"
    WAIT = "WAIT", "Join the waiting list"
    NOT_YET = "NOT_YET", "Leave out for now"
