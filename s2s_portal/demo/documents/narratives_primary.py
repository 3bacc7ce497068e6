"""Needs as SEND Advisers describe them: primary schools, and needs that are met in any school."""

from referrals.choices import SupportKind as S
from referrals.choices import YearGroup as Y
from s2s_portal.demo.documents.narratives import Narrative

KS1 = (Y.R, Y.Y1, Y.Y2)
KS2 = (Y.Y3, Y.Y4, Y.Y5, Y.Y6)
KS3 = (Y.Y7, Y.Y8, Y.Y9)

CHILDREN = (
    Narrative(
        need="ASD",
        years=KS1,
        described=(
            "{n} spends most of the day outside the classroom with an adult. {He} copes with whole-class times of up "
            "to three minutes and becomes distressed by noise and by changes that {he} was not told about.",
            "{n} has strong early reading and a detailed interest in trains. {He} does not yet play with others, and "
            "lunchtime ends in distress on most days. A neurodevelopmental assessment is under way.",
        ),
        tried=(
            (
                "A workstation with a TEACCH-style tray system, a now-and-next board, movement breaks, and a social "
                "story for lunchtime, over two assess-plan-do-review cycles.",
                "{He} finishes two trays a day without help. Time in class has risen from five to fifteen minutes. "
                "Lunchtime has not improved.",
            ),
            (
                "Advice from the specialist learning support teacher, ear defenders, a shortened carpet time and a key "
                "adult at the door.",
                "Mornings are calmer. After lunch {he} still leaves the room four or five times, and staff respond in "
                "different ways.",
            ),
        ),
        goals=(
            "To be in class for the start of each lesson",
            "To eat lunch with a small group three times a week",
            "Staff to follow one plan when {n} leaves the room",
        ),
        support=(S.OBSERVATION, S.MODELLING, S.ADVICE),
        second="SLCN",
    ),
    Narrative(
        need="SLCN",
        years=(*KS1, Y.Y3),
        described=(
            "{n} has a developmental language disorder. {He} speaks in three- to four-word phrases, leaves out small "
            "words and loses the thread of whole-class talk. {His} reading is at the level of early phonics.",
            "{n}’s speech is unclear to other children, and {he} has stopped offering answers in class. Speech and "
            "language therapy set targets in the summer.",
        ),
        tried=(
            (
                "Nuffield Early Language Intervention for twenty weeks, colourful semantics with a teaching assistant, "
                "and pre-teaching of topic words.",
                "{He} can tell who did what with the colour cards and has learnt about sixty words. Without the cards "
                "the sentences fall apart.",
            ),
            (
                "Daily work on the therapist’s speech targets, sitting at the front, and a talking partner.",
                "Two of three sounds are secure in single words. {He} still avoids speaking in groups.",
            ),
        ),
        goals=(
            "To retell an event in four linked sentences with visual support",
            "To ask when {he} has not understood",
            "Teaching assistants to be confident in reducing and checking language",
        ),
        support=(S.ADVICE, S.TRAINING_STAFF, S.RESOURCES),
        indes=4,
    ),
    Narrative(
        need="SEMH",
        years=KS2,
        described=(
            "{n} has had three suspensions this year. {He} refuses written work, leaves the site of the lesson and has "
            "thrown furniture. With younger children {he} is gentle and patient.",
            "{n} came into care last year and has moved school twice. {He} watches the door, finds praise hard to take "
            "and becomes distressed when an adult {he} trusts is away.",
        ),
        tried=(
            (
                "A Boxall Profile, nurture group four afternoons a week, a risk reduction plan and a meet-and-greet "
                "each morning.",
                "Incidents have halved since September. They now cluster around writing and around supply teachers.",
            ),
            (
                "Zones of Regulation, a time-out card, weekly emotional literacy sessions, and training in trauma-"
                "informed practice for two staff.",
                "{He} uses the card well with one adult and not with others. Attendance has risen to 93 %.",
            ),
        ),
        goals=(
            "To begin a writing task within five minutes with an agreed scaffold",
            "To use the time-out card with any adult",
            "The risk reduction plan to be followed alike by all staff",
        ),
        support=(S.OBSERVATION, S.PLAN_REVIEW, S.TRAINING_WHOLE),
        indes=6,
    ),
    Narrative(
        need="SPLD",
        years=(*KS2, Y.Y7),
        described=(
            "{n} reads at the level of a child three years younger, although {he} explains {his} ideas well. Spelling "
            "is phonetic and copying from the board is slow. {His} confidence is low.",
        ),
        tried=(
            (
                "Precision teaching for ten minutes a day, a structured phonics programme for two terms, and reading "
                "pens.",
                "{He} gained nine months in reading accuracy. Writing has not followed, and {he} hides {his} work.",
            ),
        ),
        goals=(
            "To record ideas in two ways other than handwriting",
            "Class staff to adapt written tasks without an adult beside {n}",
        ),
        support=(S.ADVICE, S.RESOURCES),
        indes=7,
    ),
    Narrative(
        need="MLD",
        years=(*KS1, *KS2),
        described=(
            "{n} works about three years below {his} age in all subjects and forgets from one week to the next. {He} "
            "tries hard, has friends and enjoys practical work.",
            "{n} is working within the engagement model in most areas. The class teacher plans separately for {him} "
            "and is unsure whether the steps are small enough.",
        ),
        tried=(
            (
                "Numicon in a group of three, over-learning of key words, and pre-teaching, over three assess-plan-do-"
                "review cycles.",
                "{He} counts reliably to ten and knows thirty sight words. Progress stops when the group stops.",
            ),
            (
                "A curriculum from two years below, a teaching assistant for mornings, and a review by an educational "
                "psychologist.",
                "The report’s strategies are in place. {n} depends on the adult and does little when {he} is alone.",
            ),
        ),
        goals=(
            "To work alone for ten minutes on a known task",
            "To have a planning format in small steps that the class teacher can keep up",
            "To learn ten functional words and use them in school",
        ),
        support=(S.PLAN_REVIEW, S.MODELLING, S.REVERSE_VISIT),
        second="SLCN",
        indes=7,
    ),
    Narrative(
        need="SLD",
        years=(Y.R, Y.Y1, Y.Y2, Y.Y3),
        described=(
            "{n} has an education, health and care plan and waits for a place in a complex needs school. {He} is at an "
            "early level of communication, is not yet toilet trained and needs an adult at all times.",
        ),
        tried=(
            (
                "A sensory curriculum in a small room, total communication with Makaton and objects of reference, and "
                "one-to-one support.",
                "{n} is happy in school and asks for “more” with a sign. Staff have run out of next steps and rarely "
                "bring {him} into class.",
            ),
        ),
        goals=(
            "To take part in one class activity a day",
            "Staff to plan from the engagement model with examples to hand",
            "To use five signs or symbols to ask",
        ),
        support=(S.REVERSE_VISIT, S.MODELLING, S.RESOURCES),
        second="SLCN",
        indes=7,
    ),
    Narrative(
        need="PD",
        years=(*KS1, *KS2, *KS3),
        described=(
            "{n} has a muscle condition and has begun to use a powered chair. {He} tires in the afternoon, and fine "
            "motor work takes three times as long. {He} is able and sociable.",
        ),
        tried=(
            (
                "An accessibility walk with the family, a laptop with predictive text, rest breaks, and advice from "
                "occupational therapy.",
                "The laptop works well in English. PE and practical science still leave {him} at the side.",
            ),
        ),
        goals=("To take an active part in every PE lesson", "To record work in science without a scribe"),
        support=(S.OBSERVATION, S.ADVICE, S.TRAINING_STAFF),
        indes=1,
    ),
    Narrative(
        need="HI",
        years=(*KS1, *KS2),
        described=(
            "{n} has a cochlear implant and uses British Sign Language at home. {He} misses what other children say in "
            "group work and is worn out by the end of the day.",
        ),
        tried=(
            (
                "A radio aid, a seat with a clear view, subtitles on all films, and termly visits by the teacher of "
                "the deaf.",
                "{He} follows the teacher well. In groups and at playtime {he} is often alone.",
            ),
        ),
        goals=(
            "To take a speaking or signing part in group work",
            "Ten classmates and four staff to learn basic signs",
        ),
        support=(S.TRAINING_WHOLE, S.ADVICE),
        second="SLCN",
        indes=2,
    ),
)

GROUPS = (
    Narrative(
        need="SLCN",
        years=KS1,
        what_they_share="Children on SEN support whose language is two years or more behind on the school’s screening.",
        sizes=(6, 8, 9),
        described=(
            "A third of this year group came to school with very little spoken language. The teacher is in the first "
            "years of the profession, and the teaching assistant has no training in communication.",
        ),
        tried=(
            (
                "A language screening, a daily story group and symbols around the room.",
                "Children enjoy the group and take part. The screening in October showed small gains only.",
            ),
        ),
        goals=(
            "The classroom to support language in every routine",
            "Staff to run the small-group programme as it is meant to be run",
        ),
        support=(S.TRAINING_STAFF, S.MODELLING),
        indes=4,
    ),
    Narrative(
        need="SEMH",
        years=KS2,
        what_they_share="Pupils whose behaviour has led to a suspension or a part-time timetable since Easter.",
        sizes=(4, 5, 7),
        described=(
            "Behaviour in this class has worn out two teachers. The pupils set each other off, and each has a plan of "
            "their own that no one can follow all at once.",
        ),
        tried=(
            (
                "Individual plans, lunchtime clubs and a nurture room in the afternoons.",
                "The nurture room works. Mornings have not changed.",
            ),
        ),
        goals=("One approach to behaviour that all adults in the class can follow", "Fewer than two removals a week"),
        support=(S.OBSERVATION, S.TRAINING_WHOLE),
        indes=6,
    ),
)
