"""One request's page: what was asked, where it stands, what happens next. Whoever may not see the child gets less."""

from dataclasses import dataclass

from quotas.choices import FeeBasis
from referrals.choices import Section, Status
from referrals.documents import spoken_date
from referrals.models import Referral
from referrals.queries.answers import TITLES, Answer, in_words, rows_of
from referrals.rules.answers import sections_for
from s2s_portal.core import calendar, spoken

WITHOUT_CHILD = (
    "about",
    "year_group",
    "sen_status",
    "primary_need_id",
    "secondary_need_id",
    "indes_section_id",
    "indes_level",
)
"""What a commissioner sees of the answers: no identity, no narrative. A new question is hidden until it is put here."""

NEXT_STEPS = {
    Status.SUBMITTED: "The S2S co-ordinator gives this request to a teacher of a complex needs school, who gets in "
    "touch with the contact person. S2S aims to do so within 5 working days.",
    Status.WITHDRAWN: "Nothing more happens. If support is needed again, it is a new request, which uses a new place.",
}
"""What comes after each status, in a sentence; statuses that nothing leads to yet have none."""


@dataclass(frozen=True)
class Card:
    """One group of questions and answers."""

    title: str
    rows: list[Answer]


def summary_of(referral: Referral) -> list[Answer]:
    """What the request is, for everybody who may open it: where, when, by whom, at what cost."""
    where = [referral.establishment.display_name, referral.establishment.where]
    return [
        Answer("stream", "Stream", referral.get_stream_display().capitalize()),
        Answer("establishment_id", "School or setting", "\n".join(line for line in where if line)),
        Answer("zone_id", "Zone", str(referral.zone)),
        Answer("submitted_at", "Sent", f"{spoken.moment(referral.submitted_at)}\nby {referral.submitted_by}"),
        Answer("period_id", "Period", f"{referral.period}\n{referral.period.contract}"),
        Answer("fee_pence", "Fee", fee_in_words(referral)),
    ]


def cards_of(referral: Referral, *, with_child: bool) -> list[Card]:
    """The answers of a request, section by section; without the child, only the few columns of `WITHOUT_CHILD`."""
    if not with_child:
        titles = TITLES[Section.CHILD] | TITLES[Section.NEEDS]
        rows = [Answer(field, titles[field], in_words(referral, field)) for field in WITHOUT_CHILD]
        return [Card("Needs", [row for row in rows if row.text] + [_support(referral)])]
    sections = [section for section in sections_for(referral.stream) if section != Section.SETTING]
    return [Card(_title(section), _rows(referral, section)) for section in sections]


def _title(section: Section) -> str:
    """The section as somebody else than its writer reads it."""
    return "Conversation with the setting" if section == Section.CONVERSATION else section.label


def _rows(referral: Referral, section: Section) -> list[Answer]:
    if section != Section.SUPPORT:
        return rows_of(referral, section)
    titles = TITLES[Section.SUPPORT]
    goals = [Answer("", titles[f"goal_{goal.position}"], goal.text) for goal in referral.goals.order_by("position")]
    return [_support(referral), *goals]


def _support(referral: Referral) -> Answer:
    kinds = [wanted.get_kind_display() for wanted in referral.support_wanted.order_by("pk")]
    return Answer("support_wanted", TITLES[Section.SUPPORT]["support_wanted"], "\n".join(kinds))


def fee_in_words(referral: Referral) -> str:
    """What the request costs, such as "None: fully funded" or "£100.00: a fee for each request"."""
    basis = FeeBasis(referral.fee_basis).label
    return f"£{referral.fee_pence / 100:,.2f}: {basis}" if referral.fee_pence else f"None: {basis}"


def place_sentence(referral: Referral) -> str:
    """What became of the request's place, in a sentence."""
    stream = referral.get_stream_display()
    if referral.place is not None:
        return f"This request uses one {stream} place."
    if referral.ended_at is not None:
        return f"Its {stream} place was given back on {spoken_date(calendar.london_date(referral.ended_at))}."
    return f"This request holds no {stream} place."


def next_step(referral: Referral) -> str:
    """What happens next, in a sentence or two; "" where nothing can be said yet."""
    return NEXT_STEPS.get(Status(referral.status), "")
