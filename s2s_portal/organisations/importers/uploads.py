"""An uploaded file of a register on its way: received, checked, looked at, approved, imported.

The page only receives and decides; checking and importing are work of the job. A check remembers what was held when it
began: if that is another by the time the file is approved, or by the time its import begins, it is checked anew.
"""

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from s2s_portal.core import files
from s2s_portal.core.text import tidy
from s2s_portal.jobs.actions import ask
from s2s_portal.jobs.queries import asked
from s2s_portal.organisations.actions import audit
from s2s_portal.organisations.actions.levers import one_at_a_time
from s2s_portal.organisations.choices import READ_REGISTER, AuditKind, Permission, UploadState
from s2s_portal.organisations.importers import gias, ofsted
from s2s_portal.organisations.importers.checking import Checked, checked
from s2s_portal.organisations.importers.reading import NotARegister, SourceFile, has_columns, scanned
from s2s_portal.organisations.importers.registers import Register
from s2s_portal.organisations.importers.reviewing import Review, Stopped, review
from s2s_portal.organisations.importers.upsert import import_register
from s2s_portal.organisations.models import ImportRun, RegisterChange, RegisterUpload, User
from s2s_portal.organisations.permissions import check
from s2s_portal.organisations.queries.registers import held_as

MOST_NOTES = 50
LONGEST_NAME = 100
"""Bytes of a file's name."""
REGISTERS = {one.source: one for one in (gias.REGISTER, ofsted.REGISTER)}


class NotNow(ValueError):
    """The file cannot be approved as things are; the message says why."""


def receive(*, key: uuid.UUID, name: str, data: bytes, la: str, by: User, at: datetime) -> RegisterUpload:
    """Keep a file and have it checked; the same `key` again gives the first.

    Raises `NotAllowed`, and `NotARegister`, with a sentence, for what is neither register's file by its content.
    """
    check(by, Permission.MANAGE_REGISTERS)
    name = _plain(name)
    with _on_disk(name, data) as path:
        register = _recognised(scanned(path))
    stored_as = files.store(data)
    with transaction.atomic():
        upload, is_new = RegisterUpload.objects.get_or_create(
            key=key,
            defaults={
                "source": register.source,
                "la": la.strip(),
                "file_name": name,
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "stored_as": stored_as,
                "by": by,
                "at": at,
            },
        )
        if is_new:
            _wrote("gave a file of a register", upload, by)
            ask(job=READ_REGISTER, subject=str(key), at=at)
    if not is_new:
        files.delete_stored(stored_as)
    return upload


def _plain(name: str) -> str:
    """The last part of a file's name, as any file system takes it."""
    last = tidy(name.replace("\\", "/").rpartition("/")[2]).encode("utf-8", "ignore")[-LONGEST_NAME:]
    return last.decode("utf-8", "ignore").strip(" .") or "file"


def _recognised(source: SourceFile) -> Register:
    for register in REGISTERS.values():
        if has_columns(source, register.required):
            return register
    called = " nor ".join(register.called for register in REGISTERS.values())
    raise NotARegister(
        f"{source.name} is neither {called}: none of its first lines names their columns. Choose the CSV as it was "
        "downloaded, with its header."
    )


@contextmanager
def _on_disk(name: str, data: bytes) -> Iterator[Path]:
    """`data` as a file called `name`, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path


@contextmanager
def _stored(upload: RegisterUpload) -> Iterator[Path]:
    try:
        with files.open_stored(upload.stored_as) as stored:
            data = stored.read()
    except FileNotFoundError as gone:
        raise NotARegister(f"{upload.file_name} is no longer stored, so it cannot be read. Upload it again.") from gone
    with _on_disk(upload.file_name, data) as path:
        yield path


def _locked(upload: RegisterUpload) -> RegisterUpload:
    return RegisterUpload.objects.select_for_update(no_key=True, of=("self",)).get(pk=upload.pk)


def _wrote(what: str, upload: RegisterUpload, by: User) -> None:
    audit.record(kind=AuditKind.WRITE, what=what, reference=f"register file {upload.pk}", by=by)


# --- Decided by a person ------------------------------------------------------------------------------------------
@transaction.atomic
def approve(*, upload: RegisterUpload, seen: int, by: User, at: datetime) -> RegisterUpload:
    """Have a file imported as its check number `seen` said; a second press changes nothing.

    If the register has changed since that check, it is checked again instead. Raises `NotAllowed` and `NotNow`.
    """
    check(by, Permission.MANAGE_REGISTERS)
    one_at_a_time()  # another file of the same register is another row, and may be approved just now
    row = _locked(upload)
    if row.state in (UploadState.IMPORTING, UploadState.DONE):
        return row
    if row.state != UploadState.REVIEW or row.reviews != seen:
        raise NotNow("The file has been checked again since you looked. Look at what it would change now.")
    if RegisterUpload.objects.filter(source=row.source, state=UploadState.IMPORTING).exists():
        raise NotNow("Another file of this register is being imported. Look again when that is done.")
    if held_as(row.source) != row.held:
        return _check_again(row, at)
    row.state, row.decided_by, row.decided_at = UploadState.IMPORTING, by, at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    _wrote("approved a file of a register", row, by)
    ask(job=READ_REGISTER, subject=str(row.key), at=at)
    return row


@transaction.atomic
def discard(*, upload: RegisterUpload, by: User, at: datetime, real: datetime) -> RegisterUpload:
    """Decide not to import a file: it goes, the counts stay. What has ended stays as it is.

    A file whose work fails again and again, too. Raises `NotAllowed`, and `NotNow` while a worker imports it at the
    real moment `real`, or has begun to and will go on.
    """
    check(by, Permission.MANAGE_REGISTERS)
    row = _locked(upload)
    if row.state != UploadState.REVIEW and not row.is_working:
        return row
    if _is_being_imported(row, real):
        raise NotNow("It is being imported. What was begun is carried on to its end.")
    row.decided_by, row.decided_at = by, at
    row.save(update_fields=["decided_by", "decided_at"])
    _ended(row, UploadState.DISCARDED, at)
    _wrote("discarded a file of a register", row, by)
    return row


def _is_being_imported(row: RegisterUpload, real: datetime) -> bool:
    """Whether ending it would pull it away from under a worker, or would stop half-way what will go on by itself.

    A check takes no notice of what became of the file until it is done, and an import that has not begun looks at the
    row, locked, before it does. What a worker holds is left to it; what has begun ends only once it has failed.
    """
    if row.state != UploadState.IMPORTING:
        return False
    work = asked(job=READ_REGISTER, subject=str(row.key), real=real)
    return work.is_in_hand or (row.began_at is not None and not work.failures)


@transaction.atomic
def forget(*, upload: RegisterUpload, before: datetime, at: datetime, real: datetime) -> bool:
    """End an upload that has waited since before `before`, for a decision or for work that failed; whether it did."""
    row = _locked(upload)
    since = {UploadState.REVIEW: row.checked_at, UploadState.CHECKING: row.checked_at or row.at}
    began = since.get(UploadState(row.state), row.decided_at if row.is_working else None)
    if began is None or began >= before or _is_being_imported(row, real):
        return False
    _ended(row, UploadState.DISCARDED, at)
    return True


def forget_lines(*, before: datetime) -> int:
    """Delete the lines of files that were imported before `before`, for they name people; how many they were."""
    done = RegisterChange.objects.filter(upload__state=UploadState.DONE, upload__finished_at__lt=before)
    return done.delete()[0]


def _check_again(row: RegisterUpload, at: datetime) -> RegisterUpload:
    row.state, row.moved, row.rows_done = UploadState.CHECKING, True, 0
    row.decided_by = row.decided_at = None
    row.save(update_fields=["state", "moved", "rows_done", "decided_by", "decided_at"])
    ask(job=READ_REGISTER, subject=str(row.key), at=at)
    return row


def _ended(row: RegisterUpload, state: UploadState, at: datetime) -> None:
    """The end of an upload: what was stored goes once the row says so for certain, for it names people.

    The lines of what was not imported name them too.
    """
    if state != UploadState.DONE:
        RegisterChange.objects.filter(upload=row).delete()
    transaction.on_commit(partial(files.delete_stored, row.stored_as))
    row.state, row.finished_at, row.stored_as = state, at, ""
    row.save(update_fields=["state", "finished_at", "stored_as", "refusal", "run"])


# --- Done by the job ----------------------------------------------------------------------------------------------
def carry_on(*, upload: RegisterUpload, at: datetime, stopping: Callable[[], bool]) -> str:
    """Do what an upload waits for: check it or import it. Says what came of it; "" if there was nothing to do."""
    work = {UploadState.CHECKING: _check, UploadState.IMPORTING: _import}.get(UploadState(upload.state))
    try:
        return work(upload, at, stopping) if work else ""
    except NotARegister as refusal:
        return _refuse(upload, str(refusal), at)
    except Stopped:
        return ""


@transaction.atomic
def _refuse(upload: RegisterUpload, sentence: str, at: datetime) -> str:
    row = _locked(upload)
    if not row.is_working:
        return ""
    row.refusal = sentence[:1000]
    _ended(row, UploadState.REFUSED, at)
    return f"file {row.pk} cannot be imported"


def _check(upload: RegisterUpload, at: datetime, stopping: Callable[[], bool]) -> str:
    held = held_as(upload.source)

    def tell(rows_done: int) -> bool:
        RegisterUpload.objects.filter(pk=upload.pk).update(rows_done=rows_done)
        return not stopping()

    with _stored(upload) as path:
        found = checked(register=REGISTERS[upload.source], path=path, la=upload.la)
        return _keep_review(upload, found, review(found, tell=tell), held, at)


@transaction.atomic
def _keep_review(upload: RegisterUpload, found: Checked, result: Review, held: str, at: datetime) -> str:
    row = _locked(upload)
    if row.state != UploadState.CHECKING or row.reviews != upload.reviews:
        return ""  # another process has checked it too, and was here first
    RegisterChange.objects.filter(upload=row).delete()
    for line in result.lines:
        line.upload = row
    RegisterChange.objects.bulk_create(result.lines, batch_size=500)
    more = [f"… and {len(found.notes) - MOST_NOTES} more."] if len(found.notes) > MOST_NOTES else []
    row.state, row.counts, row.notes = UploadState.REVIEW, dict(result.counts), found.notes[:MOST_NOTES] + more
    row.reviews, row.held, row.checked_at = row.reviews + 1, held, at
    row.save(update_fields=["state", "counts", "notes", "reviews", "held", "checked_at"])
    return f"file {row.pk} is checked"


def _import(upload: RegisterUpload, at: datetime, stopping: Callable[[], bool]) -> str:
    if not _begun(upload, at):
        return f"file {upload.pk} is not imported as things are now"
    with _stored(upload) as path:
        import_register(register=REGISTERS[upload.source], path=path, la=upload.la, dry_run=False, at=at)
    with transaction.atomic():
        row = _locked(upload)
        if row.state == UploadState.IMPORTING:
            finished = ImportRun.objects.filter(source=row.source, file_sha256=row.sha256, upload=None)
            row.run = finished.filter(finished_at__isnull=False).order_by("-pk").first()
            _ended(row, UploadState.DONE, at)
    return f"file {upload.pk} is imported"


@transaction.atomic
def _begun(upload: RegisterUpload, at: datetime) -> bool:
    """Whether the import may go on: it had begun, or begins now, as nothing has changed since it was approved."""
    row = _locked(upload)
    if row.state != UploadState.IMPORTING:
        return False
    if row.began_at is None:
        if held_as(row.source) != row.held:
            _check_again(row, at)
            return False
        row.began_at = at
        row.save(update_fields=["began_at"])
    return True
