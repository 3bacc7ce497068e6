"""What S2S staff write in the demo: contact notes, questions and answers, records of visit, summaries. All invented."""

from dataclasses import dataclass

from s2s_portal.organisations.choices import Stream

CONTACT_NOTES = (
    "Agreed to come on a morning, before snack time.",
    "They would like ideas for the garden as well as for the room.",
    "The key person will be there all morning.",
    "Parking is behind the hall; ring the second bell.",
    "The SENCO can talk for half an hour after the visit.",
)
NO_ANSWER_NOTES = ("Rang twice; the line was busy.", "The office opens at 8:30. Will try again tomorrow.")
MESSAGE_NOTES = ("Left my number with the office.", "Message on the answering machine, and an e-mail after it.")

QUESTIONS = (
    "Which strategies were used for how long, and what changed? A line for each is enough.",
    "Is there a current support plan, and when was it last reviewed?",
    "Who in the room will be released for the feedback after the visit?",
)
ANSWERS = (
    "Visual timetable since September, daily; calmer at the start of sessions. Now-and-next: two weeks.",
    "Yes: reviewed on 14 October with the parents. The setting will have a copy ready.",
)
HAND_OVER = "Nearer to my Thursday schools than to yours. The setting knows; the first visit went well."
TERMS_CHECKED = "Checked with the school: the children are in."


@dataclass(frozen=True)
class Record:
    """What a record of visit says; `actions` are what, who and in how many days."""

    seen: str
    works: str
    needs_now: str
    resources: str
    next_step: str
    before: int
    after: int
    actions: tuple[tuple[str, str, int], ...]


RECORDS: dict[Stream, tuple[Record, ...]] = {
    Stream.EARLY_YEARS: (
        Record(
            seen="Arrival, free play and snack. Play stayed close to the water tray; two short turns with another "
            "child, both started by an adult. Singing at the end was left after a minute.",
            works="The key person waits before helping, and says what is about to happen. The quiet corner is used.",
            needs_now="More time to answer, and one way of asking for help that everybody in the room knows.",
            resources="A now-and-next board, and five pictures for the routine of the morning.",
            next_step="Come back in three weeks and look at snack and singing again.",
            before=2,
            after=3,
            actions=(
                ("Use the now-and-next board at arrival and before snack", "Key person", 14),
                ("Count to ten silently before repeating a question", "Everybody in the room", 14),
            ),
        ),
        Record(
            seen="Garden time and the change to lunch. The change took eleven minutes and two adults. Inside, building "
            "with one other child for a quarter of an hour.",
            works="The songs that announce each change. Building together, without being asked to.",
            needs_now="A shorter way into lunch, and something to carry that makes the way worth going.",
            resources="A picture strip for the way to lunch; a job card (spoons).",
            next_step="The setting keeps a note of how long the change to lunch takes, for two weeks.",
            before=2,
            after=4,
            actions=(
                ("Give the spoon job before the song begins", "Room leader", 7),
                ("Note how long the change to lunch takes", "Key person", 14),
                ("Show the picture strip to the family", "Manager", 21),
            ),
        ),
    ),
    Stream.MAINSTREAM: (
        Record(
            seen="English and the first half of lunch. Worked for eight minutes with the task board, then needed a "
            "break and took it without asking. Lunch in the hall was loud; the table by the door was kept free.",
            works="The task board, and the teaching assistant sitting opposite instead of beside.",
            needs_now="A way to ask for a break that does not mean leaving, and shorter steps in writing.",
            resources="Break cards, and a writing frame in three steps.",
            next_step="Watch a lesson with the writing frame in four weeks.",
            before=2,
            after=3,
            actions=(
                ("Teach the break card in a calm moment, and honour it every time", "Class teacher", 10),
                ("Cut writing tasks into three steps on the frame", "Teaching assistant", 14),
                ("Keep the table by the door", "Lunch supervisor", 3),
            ),
        ),
        Record(
            seen="Mathematics in the group of six. Understood the task from the example, not from the words. Asked a "
            "friend twice and got on after that.",
            works="Worked examples on the table. Working in pairs.",
            needs_now="Key words before the lesson, with pictures; fewer words at a time.",
            resources="Ten key-word cards for the next unit.",
            next_step="Training for the staff of Years 3 and 4: giving instructions in short steps.",
            before=3,
            after=4,
            actions=(
                ("Go through five key words before each new topic", "Teaching assistant", 14),
                ("Put one worked example on every table", "Class teacher", 7),
            ),
        ),
    ),
}
FOLLOW_UPS: dict[Stream, Record] = {
    Stream.EARLY_YEARS: Record(
        seen="The same part of the morning as last time. Snack without help, and one request with a picture.",
        works="What was agreed is in daily use, and everybody in the room does it the same way.",
        needs_now="The same at home: the family has asked for the pictures.",
        resources="A second set of pictures for home.",
        next_step="A short review with the manager.",
        before=3,
        after=4,
        actions=(("Meet the family and show how the pictures are used", "Key person", 21),),
    ),
    Stream.MAINSTREAM: Record(
        seen="The lesson after lunch. The break card was used once and answered at once; back at work within minutes.",
        works="The cards and the frame, in three subjects by now.",
        needs_now="The same in the afternoon, with the other teaching assistant.",
        resources="None this time.",
        next_step="A short review with the SENCO.",
        before=3,
        after=4,
        actions=(("Show the afternoon’s assistant the cards and the frame", "Class teacher", 10),),
    ),
}
WHY_PARTLY = "Two weeks were lost to the autumn play; it is in use since Monday."
SUMMARIES = (
    "What was agreed is in daily use, and staff feel surer. The support plan has been updated with it.",
    "Two visits and a review. The setting goes on by itself and knows whom to ask.",
    "Staff use the resources in every session. Nothing more is needed from S2S for now.",
)
EARLY_SUMMARY = "The child has moved to another school, which has our records with the parents’ agreement."
LEAVE_NOTE = "Training course"
