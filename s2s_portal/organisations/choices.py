"""Words of the organisations app that are stored or shown."""

from django.db.models import TextChoices


class Stream(TextChoices):
    """Which quota a request uses (DESIGN §3)."""

    EARLY_YEARS = "EARLY_YEARS", "early years"
    MAINSTREAM = "MAINSTREAM", "mainstream"


class Eligibility(TextChoices):
    """What a kind of establishment means for S2S; the first two are the streams."""

    EARLY_YEARS = "EARLY_YEARS", "Early years"
    MAINSTREAM = "MAINSTREAM", "Mainstream"
    NOT_ELIGIBLE = "NOT_ELIGIBLE", "Not eligible"
    PROVIDER = "PROVIDER", "Provider of S2S"


class Source(TextChoices):
    """The register an establishment comes from. URNs of different registers collide, so identity is source + URN."""

    GIAS = "GIAS", "Get Information about Schools"
    OFSTED = "OFSTED", "Ofsted childcare register"
    LOCAL = "LOCAL", "Added by hand"


class EstablishmentStatus(TextChoices):
    OPEN = "OPEN", "Open"
    CLOSING = "CLOSING", "Open, but proposed to close"
    PROPOSED = "PROPOSED", "Proposed to open"
    CLOSED = "CLOSED", "Closed"


OPEN_STATUSES = (EstablishmentStatus.OPEN, EstablishmentStatus.CLOSING)


class Role(TextChoices):
    """The seven roles of DESIGN §2; one person may hold several."""

    EARLY_YEARS_ADVISER = "EARLY_YEARS_ADVISER", "Early Years Adviser"
    SEND_ADVISER = "SEND_ADVISER", "SEND Adviser"
    S2S_COORDINATOR = "S2S_COORDINATOR", "S2S co-ordinator"
    S2S_TEACHER = "S2S_TEACHER", "S2S teacher"
    COMMISSIONER = "COMMISSIONER", "Commissioner"
    ADMINISTRATOR = "ADMINISTRATOR", "Administrator"
    AUDITOR = "AUDITOR", "Auditor"


STREAM_OF_ROLE = {Role.EARLY_YEARS_ADVISER: Stream.EARLY_YEARS, Role.SEND_ADVISER: Stream.MAINSTREAM}


class Sees(TextChoices):
    """How much of the cases a role sees: DESIGN §2's "Sees" column."""

    OWN_ZONES_FULL = "OWN_ZONES_FULL", "own stream, own zones: full case; drafts of the zone"
    SENT_FULL = "SENT_FULL", "every sent request: full case"
    ASSIGNED_FULL = "ASSIGNED_FULL", "assigned to them, or covering: full case"
    SENT_WITHOUT_CHILD = "SENT_WITHOUT_CHILD", "every request without child identity or narrative"
    NOTHING = "NOTHING", "no child data"
    UNDER_REASON = "UNDER_REASON", "access log; case content only under a recorded reason"


class Permission(TextChoices):
    """What a person may do in the portal; which cases they see is `Sees`."""

    USE_PORTAL = "USE_PORTAL", "use the portal"
    SEE_REQUESTS = "SEE_REQUESTS", "see requests"
    FILE_REQUESTS = "FILE_REQUESTS", "file requests for support"
    FILE_COHORTS = "FILE_COHORTS", "file requests for a cohort of children across schools"
    SEE_QUOTAS = "SEE_QUOTAS", "see quotas and their ledgers"
    SET_UP_QUOTAS = "SET_UP_QUOTAS", "set up contracts, periods and places"
    GIVE_PLACES = "GIVE_PLACES", "give places to requests that wait"
    END_CONTRACTS = "END_CONTRACTS", "decide what becomes of open requests when a contract ends"
    SEE_HAND_OVER = "SEE_HAND_OVER", "see what a provider school hands over when a contract ends"
    SEE_CONTRACT_ENDS = "SEE_CONTRACT_ENDS", "see what becomes of open requests when a contract ends"
    SEE_PEOPLE = "SEE_PEOPLE", "see people, roles and zones"
    MANAGE_PEOPLE = "MANAGE_PEOPLE", "add people and give them roles"
    SEE_SET_UP = "SEE_SET_UP", "see what the portal still needs before requests can be sent"
    SEE_REGISTERS = "SEE_REGISTERS", "see the registers of schools and settings"
    MOVE_PRACTICE_DATE = "MOVE_PRACTICE_DATE", "move the practice date"
    SEE_JOBS = "SEE_JOBS", "see the portal’s background jobs"
    SEE_ACCESS_LOG = "SEE_ACCESS_LOG", "see who looked at what"
    MANAGE_CALENDAR = "MANAGE_CALENDAR", "change term dates, bank holidays and days on which the county is closed"
    MANAGE_AVAILABILITY = "MANAGE_AVAILABILITY", "look after schools’ closed days and teachers’ working days and leave"
    SET_JOURNEY_TIMES = "SET_JOURNEY_TIMES", "say how long a journey takes"
    RUN_DESK = "RUN_DESK", "give requests to teachers"
    SET_OWN_LEAVE = "SET_OWN_LEAVE", "say when you work and when you are on leave"
    OWN_CASELOAD = "OWN_CASELOAD", "have a day and a caseload of your own"
    SEE_CASELOADS = "SEE_CASELOADS", "look at teachers’ caseloads"
    SEE_VISITS = "SEE_VISITS", "see visits in a calendar and on day sheets"
    MEND_MESSAGES = "MEND_MESSAGES", "see messages that could not be delivered and send them again"
    SEE_REMINDERS = "SEE_REMINDERS", "see of what people were reminded, and of what they will be"
    SEE_RECONCILIATION = "SEE_RECONCILIATION", "see whether the ledger and the requests agree"
    SEE_DASHBOARDS = "SEE_DASHBOARDS", "see the dashboards"
    SEE_MESSAGE_KINDS = "SEE_MESSAGE_KINDS", "see every kind of message that the portal sends"
    MANAGE_REGISTERS = (
        "MANAGE_REGISTERS",
        "bring the registers of schools and settings up to date and put schools and settings in zones",
    )
    REPAIR = "REPAIR", "look behind the pages and mend what went wrong"
    CHANGE_SETTINGS = "CHANGE_SETTINGS", "change the portal’s texts and the lists of the request form"
    MANAGE_REFERENCE = "MANAGE_REFERENCE", "change zones, and what kinds of school and setting mean"
    ISSUE_REPORTS = "ISSUE_REPORTS", "issue reports to commissioners"
    EXPORT_CHILDREN = "EXPORT_CHILDREN", "download lists of requests that say who the children are"


CHECK_BOOKINGS = "check_bookings"
"""The job that looks again at visits that are planned, asked for whenever a day changes. `referrals` declares it."""
LOOK_AGAIN = "look_again"
"""The job that reckons reminders anew, asked for whenever a day or a standard changes. `referrals` declares it."""


class ClosureKind(TextChoices):
    """What pupils' absence on a day means for staff."""

    CLOSED = "CLOSED", "Closed"
    STAFF_ONLY = "STAFF_ONLY", "Training day: staff only"


class Away(TextChoices):
    """Why somebody cannot be booked on a day."""

    ON_LEAVE = "ON_LEAVE", "on leave"
    DOES_NOT_WORK = "DOES_NOT_WORK", "does not work on this day of the week"


class ChangeKind(TextChoices):
    """What needs a second person before it happens."""

    MOVE_PLACES = "MOVE_PLACES", "Move places between streams"
    ROLLOVER = "ROLLOVER", "End a contract"


PERMISSION_OF_CHANGE: dict[ChangeKind, Permission] = {
    ChangeKind.MOVE_PLACES: Permission.SET_UP_QUOTAS,
    ChangeKind.ROLLOVER: Permission.END_CONTRACTS,
}
"""What a person must be allowed to do to propose or decide each kind of change."""


class ChangeOutcome(TextChoices):
    """What became of a proposed change."""

    WAITING = "WAITING", "Waiting for a second person"
    APPROVED = "APPROVED", "Approved"
    REFUSED = "REFUSED", "Refused"
    CANCELLED = "CANCELLED", "Cancelled"


class ReferenceKind(TextChoices):
    """The lists whose changes are kept in one history."""

    NEED_TYPE = "NEED_TYPE", "Types of need"
    INDES_SECTION = "INDES_SECTION", "Sections of INDES"
    KIND = "KIND", "Kinds of school and setting"
    ZONE = "ZONE", "Zones"
    ESTABLISHMENT = "ESTABLISHMENT", "Schools and settings"
    CALENDAR = "CALENDAR", "Terms, bank holidays and closed days"
    CLOSURE = "CLOSURE", "Closed days of one school or setting"


class AuditKind(TextChoices):
    READ = "READ", "Read"
    WRITE = "WRITE", "Changed"
    ACCESS_REASON = "ACCESS_REASON", "Gave a reason to look"


class ImportOutcome(TextChoices):
    CREATED = "CREATED", "created"
    UPDATED = "UPDATED", "updated"
    UNCHANGED = "UNCHANGED", "unchanged"
    CLOSED = "CLOSED", "closed"
    SKIPPED = "SKIPPED", "skipped"
    ERROR = "ERROR", "errors"


class UploadState(TextChoices):
    """How far an uploaded file of a register is."""

    CHECKING = "CHECKING", "Being checked"
    REVIEW = "REVIEW", "To be looked at"
    REFUSED = "REFUSED", "Cannot be imported"
    IMPORTING = "IMPORTING", "Being imported"
    DONE = "DONE", "Imported"
    DISCARDED = "DISCARDED", "Not imported"


class RegisterPart(TextChoices):
    """What a check of a register's file lists; the value stands in addresses."""

    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    CLOSED = "closed", "Closed"
    MISSING = "missing", "Not in the file"
    ERRORS = "errors", "In error"


READ_REGISTER = "read_register"
"""The job that checks and imports uploaded files of the registers."""


class LinkPurpose(TextChoices):
    """What a signed link lets somebody do who is not signed in."""

    READ_RECORD = "READ_RECORD", "Read a record of visit and answer it"
    CHOOSE_TIME = "CHOOSE_TIME", "Choose one of the times offered for a visit"
    SEE_VISIT = "SEE_VISIT", "See a planned visit, cancel it or ask for another time"
    CHOOSE_PASSWORD = "CHOOSE_PASSWORD", "Choose a password of one's own"


class LinkState(TextChoices):
    """Whether a signed link opens its page."""

    LIVE = "LIVE", "It opens its page"
    USED = "USED", "It was used"
    EXPIRED = "EXPIRED", "It is too old"
    REVOKED = "REVOKED", "It was taken back"
