"""Messages about what S2S does with a request. Questions, answers and reasons stay on the portal."""

from datetime import date, datetime

from django.urls import reverse

from referrals.actions.telling import HELP_KEYS
from referrals.models import Referral
from s2s_portal.core import spoken
from s2s_portal.notifications.actions import message, queue_all
from s2s_portal.notifications.choices import Kind
from s2s_portal.notifications.models import Notification
from s2s_portal.organisations.models import User
from s2s_portal.organisations.queries.texts import text


def given_to(
    *,
    referral: Referral,
    teacher: User,
    how: str,
    seq: int,
    by: User,
    at: datetime,
    from_teacher: User | None = None,
    cover: tuple[date, date] | None = None,
    contact_due_on: date | None = None,
) -> None:
    """Tell a teacher that a request is theirs: `how` is one of `documents.support.HOW`; `seq` is the event's number."""
    days = {"cover_from": spoken.day(cover[0]), "cover_to": spoken.day(cover[1])} if cover else {}
    context = _about(referral) | {
        "how": how,
        "assigned_at": at.isoformat(),
        "assigned_by": by.full_name,
        "address": _page(referral),
        "from_teacher": from_teacher.full_name if from_teacher else "",
        "contact_due": spoken.day(contact_due_on) if contact_due_on else "",
        **days,
    }
    key = f"given-to:{referral.reference}:{seq}:{teacher.pk}"
    queue_all([_to(Kind.REQUEST_ASSIGNED_TEACHER, key, teacher, context, at)])


def with_teacher(*, referral: Referral, teacher: User, seq: int, at: datetime) -> None:
    """Tell the establishment's contact which teacher will be in touch, and the adviser that somebody has it."""
    school = referral.provider_school
    to_contact = message(
        kind=Kind.REQUEST_WITH_TEACHER_CONTACT,
        key=f"with-teacher:{referral.reference}:{seq}:contact",
        to_email=referral.contact_email,
        to_name=referral.contact_name,
        context=_about(referral)
        | {
            "assigned_at": at.isoformat(),
            "teacher_name": teacher.full_name,
            "teacher_email": teacher.email,
            "teacher_school": school.display_name if school else "",
        },
        at=at,
    )
    sentence = f"{teacher.full_name} supports {referral.establishment.display_name} and will be in touch."
    queue_all([to_contact, _status_to_adviser(referral, sentence, seq, at)])


def status(
    *, referral: Referral, sentence: str, seq: int, at: datetime, contact_too: bool = True, label: str = ""
) -> None:
    """Tell the adviser, and the contact unless not `contact_too`, where a request stands now.

    `sentence` and `label` are ours: nothing that somebody typed. `label` is what subjects say, if not its status.
    """
    messages = [_status_to_adviser(referral, sentence, seq, at, label)]
    if contact_too:
        adviser = referral.submitted_by
        told = _standing(referral, sentence, at, label)
        told |= {"adviser_name": adviser.full_name, "adviser_email": adviser.email}
        messages.append(
            message(
                kind=Kind.REQUEST_STATUS_CONTACT,
                key=f"status:{referral.reference}:{seq}:contact",
                to_email=referral.contact_email,
                to_name=referral.contact_name,
                context=told,
                at=at,
            )
        )
    queue_all(messages)


def to_teacher(*, referral: Referral, sentence: str, seq: int, by: User, at: datetime, label: str = "") -> None:
    """Tell the teacher who has a request what somebody else changed in it; nobody where nobody has it, or they did.

    `sentence` and `label` as in `status`.
    """
    teacher = referral.teacher
    if teacher is None or teacher.pk == by.pk:
        return
    told = _standing(referral, sentence, at, label) | {"changed_by": by.full_name, "address": _page(referral)}
    key = f"status:{referral.reference}:{seq}:teacher:{teacher.pk}"
    queue_all([_to(Kind.REQUEST_STATUS_TEACHER, key, teacher, told, at)])


def asked(*, referral: Referral, seq: int, by: User, at: datetime) -> None:
    """Tell the adviser that S2S asks for more information."""
    context = _about(referral) | {
        "asked_by": by.full_name,
        "asked_at": at.isoformat(),
        "address": _page(referral),
        "whom_to_ask": text(HELP_KEYS[referral.stream], at),
    }
    queue_all([_to(Kind.INFORMATION_ASKED, f"asked:{referral.reference}:{seq}", referral.submitted_by, context, at)])


def answered(*, referral: Referral, seq: int, to: User, by: User, at: datetime) -> None:
    """Tell whoever asked that the adviser answered."""
    context = _about(referral) | {"given_by": by.full_name, "given_at": at.isoformat(), "address": _page(referral)}
    queue_all([_to(Kind.INFORMATION_GIVEN, f"answered:{referral.reference}:{seq}", to, context, at)])


def _status_to_adviser(referral: Referral, sentence: str, seq: int, at: datetime, label: str = "") -> Notification:
    told = _standing(referral, sentence, at, label)
    told |= {"address": _page(referral), "whom_to_ask": text(HELP_KEYS[referral.stream], at)}
    key = f"status:{referral.reference}:{seq}:adviser"
    return _to(Kind.REQUEST_STATUS_ADVISER, key, referral.submitted_by, told, at)


def _standing(referral: Referral, sentence: str, at: datetime, label: str = "") -> dict[str, object]:
    label = label or referral.get_status_display()
    return _about(referral) | {"status_label": label, "sentence": sentence, "status_at": at.isoformat()}


def _to(kind: Kind, key: str, person: User, context: dict[str, object], at: datetime) -> Notification:
    return message(kind=kind, key=key, to_email=person.email, to_name=person.full_name, context=context, at=at)


def _page(referral: Referral) -> str:
    return reverse("referrals:referral_detail", args=[referral.reference])


def _about(referral: Referral) -> dict[str, object]:
    return {
        "reference": referral.reference,
        "establishment": referral.establishment.display_name,
        "stream_label": referral.get_stream_display(),
    }
