"""Messages about accounts: to people about their own, and to co-ordinators when somebody has left work behind.

`link_id` is the link's row: its address is made when the message is sent, so that nobody can read it in the outbox.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PersonInvited:
    """Somebody may choose a password: they were invited (`is_new`), or an administrator gives them a new one."""

    is_new: bool
    roles: list[str]  # "Early Years Adviser"; none while nobody has given them one
    sent_by: str
    sent_by_email: str
    lasts_days: int
    link_id: int


@dataclass(frozen=True, kw_only=True)
class AddressChanged:
    """Somebody signs in with another e-mail address now. To the old one `new_email` is "": it is nobody's business."""

    new_email: str
    changed_by: str
    changed_by_email: str
    address: str  # the path of the page that they sign in to


@dataclass(frozen=True, kw_only=True)
class WorkLeft:
    """Somebody stopped being a teacher while requests or visits were with them and with nobody else."""

    teacher: str
    closed: bool  # the account; else it was the role that was taken away
    requests: int
    visits: int  # planned, and still to come
    begun: int  # that were to be held already, without a word on how they went
    address: str  # the path of the page that names what is open, school by school
