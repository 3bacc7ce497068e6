"""Messages that tell what has just happened."""

from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.documents.reasons.shared import (
    ACCOUNTS,
    ADVISER,
    CONTACT,
    CONTRACTS,
    KNOWS,
    QUOTAS,
    REQUESTS,
    SUMMARIES,
    SUPPORT,
    TEACHER,
    VISITS,
    WAITING,
    WAY,
    Reason,
)

REASONS: dict[Kind, Reason] = {
    Kind.REQUEST_SENT_ADVISER: Reason(
        REQUESTS, "As soon as a request is sent", "It is the receipt: which place it used and what comes next", ADVISER
    ),
    Kind.REQUEST_SENT_CONTACT: Reason(REQUESTS, "As soon as a request is sent or given a place", KNOWS, CONTACT),
    Kind.REQUEST_REFUSED: Reason(
        REQUESTS,
        "As soon as a request or a cohort is not accepted",
        "A refusal explains itself: the rule, the count, the next date and what else can help",
        "The adviser who tried to send it",
    ),
    Kind.REQUEST_WITHDRAWN_ADVISER: Reason(
        REQUESTS, "When a request is withdrawn", "It says whether the place was given back", ADVISER
    ),
    Kind.REQUEST_WITHDRAWN_CONTACT: Reason(
        REQUESTS, "When a request is withdrawn", "Nobody waits for a visit that will not come", CONTACT
    ),
    Kind.COHORT_SENT: Reason(
        REQUESTS,
        "When the requests of a cohort are sent",
        "One message says what became of each school",
        "The SEND Adviser who sent them",
    ),
    Kind.WAITING_JOINED_ADVISER: Reason(
        WAITING, "When a request joins the waiting list", "It says how many are ahead and until when", ADVISER
    ),
    Kind.WAITING_JOINED_CONTACT: Reason(WAITING, "When a request joins the waiting list", KNOWS, CONTACT),
    Kind.PLACE_GIVEN_ADVISER: Reason(
        WAITING, "When a request that waited gets a place", "The wait is over, and S2S takes the request on", ADVISER
    ),
    Kind.PLACE_FREE: Reason(
        WAITING,
        "When a place comes free after the cut-off and requests wait",
        "From the cut-off on somebody has to give places by hand, until the last day on which places are given",
        "Commissioners",
    ),
    Kind.WAITING_LAPSED_ADVISER: Reason(
        WAITING, "After the last day for giving places", "The request did not get a place, and is not lost", ADVISER
    ),
    Kind.WAITING_LAPSED_CONTACT: Reason(
        WAITING, "After the last day for giving places", "Nobody waits for a visit that will not come", CONTACT
    ),
    Kind.QUOTA_THRESHOLD: Reason(
        QUOTAS,
        "When 80%, 95% or all of a stream’s places are used; again if places came free in between",
        "Those who plan see the end coming",
        "Commissioners, and the advisers of the stream",
    ),
    Kind.CHANGE_PROPOSED: Reason(
        QUOTAS,
        "When somebody proposes a change that needs a second person",
        "It waits until that person decides",
        "Everyone else who may decide it",
    ),
    Kind.CHANGE_DECIDED: Reason(
        QUOTAS, "When the second person decides", "It says what was decided", "Whoever proposed the change"
    ),
    Kind.REQUEST_ASSIGNED_TEACHER: Reason(
        SUPPORT,
        "When a co-ordinator gives a request to a teacher, for good or as cover",
        "The teacher knows what to do next, and by when",
        "The teacher it was given to",
    ),
    Kind.REQUEST_WITH_TEACHER_CONTACT: Reason(SUPPORT, "When a request is given to a teacher", KNOWS, CONTACT),
    Kind.REQUEST_STATUS_ADVISER: Reason(SUPPORT, "When a request’s status changes", WAY, ADVISER),
    Kind.REQUEST_STATUS_CONTACT: Reason(SUPPORT, "When a request’s status changes", KNOWS, CONTACT),
    Kind.REQUEST_STATUS_TEACHER: Reason(
        SUPPORT,
        "When somebody else changes a request",
        "The teacher does not find out by chance",
        TEACHER,
    ),
    Kind.INFORMATION_ASKED: Reason(
        SUPPORT,
        "When S2S needs more information",
        "The request is paused until the adviser answers",
        ADVISER,
    ),
    Kind.INFORMATION_GIVEN: Reason(
        SUPPORT, "When the adviser has answered", "The work can go on", "Whoever asked, or who has the request now"
    ),
    Kind.VISIT_BOOKED: Reason(
        VISITS,
        "When a visit is booked",
        "It brings a calendar file, so that the time is in everybody’s calendar",
        "The teachers who visit, and the contact of the school or setting",
    ),
    Kind.VISIT_MOVED: Reason(
        VISITS,
        "When a visit gets another time, place or teacher",
        "Its calendar file moves the entry",
        "The teachers who visit, and the contact of the school or setting",
    ),
    Kind.VISIT_CANCELLED: Reason(
        VISITS,
        "When a visit is cancelled, or taken over by another teacher",
        "Its calendar file takes the entry out",
        "The teachers concerned, and the contact of the school or setting",
    ),
    Kind.RECORD_READY_CONTACT: Reason(
        VISITS,
        "When the record of a visit is finalised",
        "The school or setting reads it, and confirms it or adds its view",
        CONTACT,
    ),
    Kind.TIMES_OFFERED_CONTACT: Reason(
        VISITS, "When a teacher offers times for a visit", "The school or setting chooses what suits it", CONTACT
    ),
    Kind.CUT_OFF_MOVED: Reason(
        CONTRACTS,
        "When requests are open for longer than had been announced",
        "Whoever was refused for being late can send the request after all",
        "Advisers whose requests were refused",
    ),
    Kind.CONTRACT_END_QUESTION: Reason(
        CONTRACTS,
        "Before a contract ends, for each request that cannot simply be moved",
        "Nothing is dropped: somebody who knows the case says what is to become of it",
        "Its adviser, or the advisers of its zone if they have left",
    ),
    Kind.CONTRACT_END_ACCOUNT: Reason(
        CONTRACTS,
        "When the open requests of a contract that ends have all been dealt with",
        "It says how many were moved, closed and left to finish, and that the sum is right",
        "Commissioners and co-ordinators",
    ),
    Kind.CUT_OFF_PASSED: Reason(
        QUOTAS,
        "In the first minutes after the last day on which requests are taken",
        "It says what the period’s intake came to, and what becomes of drafts that were not sent",
        "Commissioners, co-ordinators, and advisers of the stream with unsent drafts",
    ),
    Kind.ALLOCATION_ENDED: Reason(
        QUOTAS,
        "In the first minutes after the last day on which places are given",
        "It says what was given, and for how many requests no place came free",
        "Commissioners",
    ),
    Kind.DRAFT_PURGE_NEAR: Reason(
        REQUESTS,
        "10 and 2 working days before a draft that nobody has touched since requests closed is deleted",
        "What was written about a child is not kept without a purpose, and nobody loses it unawares",
        "Whoever started the draft; if they have left, the advisers of its zone, or else commissioners",
    ),
    Kind.LEDGER_DIFFERS: Reason(
        QUOTAS,
        "After a night in which the ledger and the requests were found to differ",
        "Places are money: somebody has to look",
        "Administrators and commissioners",
    ),
    Kind.DIGEST: Reason(
        SUMMARIES,
        "Each day at 07:30, if there was a message since the last one",
        "Some people prefer one e-mail a day",
        "Everyone who chose one e-mail a day",
    ),
    Kind.PERSON_INVITED: Reason(
        ACCOUNTS,
        "When an administrator adds somebody, invites them again, or gives them a new password",
        "Nobody but the person themselves ever knows their password: the link lets them choose it, once",
        "The person who is to sign in",
    ),
    Kind.ADDRESS_CHANGED: Reason(
        ACCOUNTS,
        "When an administrator gives somebody who has signed in before another e-mail address",
        "Who signs in with what is never changed behind somebody’s back: the old address is told, too",
        "The person, at the new address and at the old one",
    ),
    Kind.WORK_LEFT: Reason(
        SUPPORT,
        "When a teacher’s account is closed, or the role taken away, with requests or visits in hand",
        "What is with somebody who is no teacher any more is done by nobody",
        "The S2S co-ordinators",
    ),
}
