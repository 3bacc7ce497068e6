"""For any file: importing it twice leaves what importing it once left, and a later file wins over an earlier one."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from s2s_portal.organisations.choices import ImportOutcome
from s2s_portal.organisations.importers import gias
from s2s_portal.organisations.importers.upsert import import_register
from s2s_portal.organisations.models import Establishment
from tests import moments
from tests.organisations.importers import files

#: Every character that the register's files can hold. Spelt out: Hypothesis needs seconds to work out such a set.
CELLS = st.text(alphabet=bytes([*range(0x20, 0x7F), *range(0x80, 0x100)]).decode("cp1252", "ignore"), max_size=12)
SCHOOLS = st.builds(
    lambda urn, name, status, town, kind, code, easting: files.school(
        URN=urn,
        EstablishmentName=name,
        Town=town,
        Postcode=code,
        Easting=easting,
        **{"EstablishmentStatus (name)": status, "TypeOfEstablishment (name)": kind},
    ),
    st.sampled_from(["900001", "900002", "900003", "900004", "", "none"]),
    CELLS,
    st.sampled_from([*gias.STATUSES, "Unheard of"]),
    CELLS,
    st.sampled_from(["Community school", "Pupil referral unit", "Floating school", ""]),
    st.sampled_from(["NR29 9ZZ", "nr299zz", "2036", ""]),
    st.sampled_from(["645100", "648800", "0", ""]),
)
DOWNLOADS = st.builds(
    lambda rows, header: files.gias_text(rows, header=header),
    st.lists(SCHOOLS, min_size=1, max_size=8),
    st.sampled_from([files.GIAS_REDUCED, files.GIAS_FULL, files.GIAS_FULL[::-1]]),
)

ONLY_IN_FULL = ("trust", "closed_on", "easting", "northing")
"""What the reduced download does not say, and so leaves as it was."""


def imported(text):
    """The counts of importing `text` as GIAS writes it, in the order of the last line."""
    with tempfile.TemporaryDirectory() as folder:
        path = files.saver(Path(folder))(text)
        report = import_register(
            register=gias.REGISTER, path=path, la="", dry_run=False, at=moments.AN_ORDINARY_TUESDAY
        )
    assert sum(report.counts.values()) == text.count("\r\n")
    return [report.counts[outcome.label] for outcome in ImportOutcome]


def state(*without):
    """Every establishment as stored, except what an import may always change."""
    hidden = {"seen_in_id", *without}
    rows = Establishment.objects.select_related("kind").order_by("urn")
    return [
        {name: value for name, value in vars(row).items() if name not in hidden | {"_state"}} | {"kind": row.kind.name}
        for row in rows
    ]


class TwiceIsOnce(TestCase):
    """Each example starts with an empty database."""

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(DOWNLOADS)
    def test_importing_twice_is_importing_once(self, text):
        created, *_, errors = imported(text)
        once = state()
        assert len(once) == created
        assert imported(text) == [0, 0, created, 0, 0, errors]
        assert state() == once

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(DOWNLOADS, DOWNLOADS)
    def test_going_back_to_a_file_restores_what_it_says(self, text, other):
        imported(text)
        before = {row["urn"]: row for row in state(*ONLY_IN_FULL)}
        imported(other)
        imported(text)
        after = {row["urn"]: row for row in state(*ONLY_IN_FULL)}
        assert {urn: after[urn] for urn in before} == before
