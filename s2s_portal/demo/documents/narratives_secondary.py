"""Needs as SEND Advisers describe them: secondary schools."""

from referrals.choices import SupportKind as S
from referrals.choices import YearGroup as Y
from s2s_portal.demo.documents.narratives import Narrative

KS3 = (Y.Y7, Y.Y8, Y.Y9)
KS4 = (Y.Y10, Y.Y11)

CHILDREN = (
    Narrative(
        need="ASD",
        second="SEMH",
        years=(*KS3, *KS4),
        described=(
            "{n} attends for two hours a day and has not been in a lesson since half-term. {He} describes the "
            "corridors as unbearable. {His} attainment in mathematics and computing is above that of {his} year.",
            "{n} masks during the day and is exhausted at home. Homework has stopped, and attendance has fallen to "
            "61 %. {He} finds unstructured times hardest.",
        ),
        tried=(
            (
                "A reduced timetable, a pass to leave early, a mentor in the learning support base, and online lessons "
                "in two subjects.",
                "{He} comes in on four days of five. {He} works well in the base and does not move on from it.",
            ),
            (
                "An anxiety ladder with the school nurse, a one-page profile for all teachers, and a quiet place for "
                "lunch.",
                "Six of nine teachers use the profile. {n} says that it helps where they do.",
            ),
        ),
        goals=(
            "To attend two lessons a week with a planned way in and out",
            "Subject teachers to use the one-page profile in every lesson",
            "To agree with {n} what a good day looks like",
        ),
        support=(S.OBSERVATION, S.TRAINING_WHOLE, S.ADVICE),
    ),
    Narrative(
        need="SEMH",
        years=(*KS3, *KS4),
        described=(
            "{n} has a high number of behaviour points, nearly all from unstructured times and cover lessons. {He} "
            "reads at a nine-year-old’s level and has never been assessed for a learning need.",
        ),
        tried=(
            (
                "Report cards, a mentor, a managed move that did not last, and reading support twice a week.",
                "{He} attends the reading support and has gained seven months. Report cards have made no difference.",
            ),
        ),
        goals=(
            "To find out what lies behind the behaviour and put it into one plan",
            "To be in lessons for 80 % of the week",
        ),
        support=(S.OBSERVATION, S.PLAN_REVIEW),
        second="MLD",
        indes=6,
    ),
)

GROUPS = (
    Narrative(
        need="ASD",
        years=KS3,
        what_they_share="Autistic pupils who have not managed the move to secondary school.",
        sizes=(4, 6),
        described=(
            "The school has no specialist base, and these pupils use the library as a refuge. Tutors would like "
            "practical strategies rather than another leaflet.",
        ),
        tried=(
            (
                "One-page profiles, early release from lessons and a lunchtime club.",
                "The club is full every day. In lessons little has changed, as few teachers read the profiles.",
            ),
        ),
        goals=(
            "Every tutor to use three agreed strategies",
            "A quiet space that works without taking pupils from lessons",
        ),
        support=(S.TRAINING_WHOLE, S.REVERSE_VISIT, S.ADVICE),
    ),
)
