"""Needs as early years advisers describe them: nurseries, pre-schools and childminders."""

from referrals.choices import SupportKind as S
from referrals.choices import YearGroup as Y
from s2s_portal.demo.documents.narratives import Narrative

N1, N2 = (Y.N1,), (Y.N2,)
BOTH = (Y.N1, Y.N2)

CHILDREN = (
    Narrative(
        need="SLCN",
        years=BOTH,
        described=(
            "{n} uses about ten single words and relies on gesture and pulling an adult by the hand. {He} follows a "
            "one-step instruction when it comes with an object, but not from words alone. {His} hearing was checked "
            "this year and is within the usual range.",
            "{n} is hard to understand for anyone who does not know {him} well. {He} joins two words at times and "
            "becomes upset when {he} is not understood. {He} plays beside other children and watches them closely.",
        ),
        tried=(
            (
                "WellComm screening and daily ten-minute games from the Big Book, objects of reference at transitions, "
                "and a core-word board at snack time, for two assess-plan-do-review cycles.",
                "{He} now uses the snack board without a prompt and has gained four words. Understanding has not moved "
                "on, and {he} is still in the red section for {his} age.",
            ),
            (
                "Small-group Attention Autism, stages 1 and 2, four times a week, and staff modelling single key words "
                "with Makaton signs.",
                "{n} stays with the group for stage 1 for up to six minutes. {He} copies two signs. There is no carry-"
                "over into free play yet.",
            ),
        ),
        goals=(
            "To ask for help or more with a word, sign or symbol in free play",
            "To follow a two-step instruction in routines without an adult’s prompt",
            "Staff to agree three communication strategies and use them all day",
        ),
        support=(S.OBSERVATION, S.MODELLING, S.TRAINING_STAFF),
        indes=4,
    ),
    Narrative(
        need="ASD",
        second="SLCN",
        years=BOTH,
        described=(
            "{n} is on the pathway for a neurodevelopmental assessment. {He} lines up vehicles for long periods, does "
            "not yet respond to {his} name, and finds it hard when the room is busy. {He} seeks deep pressure and "
            "climbs into small spaces.",
            "{n} moves from area to area without settling and rarely shares attention with an adult. {He} eats three "
            "foods at nursery and covers {his} ears when other children sing.",
        ),
        tried=(
            (
                "A now-and-next board, a quiet den with a pop-up tent, intensive interaction for ten minutes twice a "
                "day, and arrival by a side door.",
                "Arrivals are calm on most days. {He} looks towards the adult during intensive interaction and has "
                "begun to wait for the next turn. The board is thrown more often than it is used.",
            ),
            (
                "A sensory checklist with the family, ear defenders, a visual timetable of the session, and one key "
                "person for all transitions.",
                "{n} keeps the ear defenders on for singing and stays in the room. Transitions outside still take up "
                "to twenty minutes and two adults.",
            ),
        ),
        goals=(
            "To share attention with a familiar adult for five minutes",
            "To move between two areas with a visual prompt",
            "Staff to know which sensory activities help {n} to be ready to learn",
        ),
        support=(S.OBSERVATION, S.MODELLING, S.RESOURCES),
    ),
    Narrative(
        need="SEMH",
        years=N2,
        described=(
            "{n} bites and pushes when other children come close to {his} play, up to six times in a session. {He} is "
            "affectionate with {his} key person and finds endings hard. There have been changes at home this year.",
            "{n} has loud and long outbursts when plans change and has run to the gate twice. {He} has good language "
            "and can say afterwards what upset {him}.",
        ),
        tried=(
            (
                "ABC charts for four weeks, emotion coaching by the key person, a calm box, and shorter sessions with "
                "a clear end.",
                "The charts show that most incidents come before lunch and at tidy-up time. Biting has gone from daily "
                "to twice a week; pushing has not changed.",
            ),
            (
                "Zones of Regulation pictures at child height, a countdown before each change, and breakfast on "
                "arrival.",
                "{He} points to “red” before an outburst on some days, and staff can then step in. Two staff are "
                "unsure what to do once it has begun.",
            ),
        ),
        goals=(
            "To use a picture or word to say “stop” when others come close",
            "Staff to have one written plan for outbursts and to follow it alike",
            "To join a small group for ten minutes without hurting anyone",
        ),
        support=(S.OBSERVATION, S.ADVICE, S.TRAINING_WHOLE),
        indes=6,
    ),
    Narrative(
        need="MLD",
        second="SLCN",
        years=BOTH,
        described=(
            "{n} has global developmental delay and is known to the community paediatrician. {He} walked at 26 months "
            "and plays with cause-and-effect toys. On the developmental journal {he} is about eighteen months behind.",
            "{n} was born at 27 weeks. {He} needs many repetitions to learn a new step and loses skills over a "
            "holiday. {He} is sociable and loves music.",
        ),
        tried=(
            (
                "A support plan with three small targets, backward chaining for self-care, and the Early Years "
                "Developmental Journal each half-term.",
                "{He} takes off {his} coat with help at the last step and eats from a loaded spoon. "
                "Play has not widened.",
            ),
            (
                "One-to-one play twice a day with five repeated activities, and a total communication approach.",
                "{n} looks for the next activity in the sequence and posts shapes without help. Staff would like to "
                "know how to move {him} on from there.",
            ),
        ),
        goals=(
            "To play with two new materials with an adult alongside",
            "To take part in snack and coat routines with one prompt",
            "The support plan to have targets that can be measured in six weeks",
        ),
        support=(S.PLAN_REVIEW, S.MODELLING, S.REVERSE_VISIT),
        indes=7,
    ),
    Narrative(
        need="PD",
        years=BOTH,
        described=(
            "{n} has spastic diplegia and uses a walker indoors. {He} tires by mid-morning and cannot yet reach the "
            "water and sand on {his} own. A physiotherapist visits each half-term.",
        ),
        tried=(
            (
                "The room was laid out anew with wide paths, a supportive chair is used at tables, and the exercises "
                "from physiotherapy are done daily.",
                "{He} reaches most areas on {his} own and sits well for snack. Outdoor play and personal care still "
                "need two adults, and staff are worried about lifting.",
            ),
        ),
        goals=(
            "To choose and reach outdoor play with one adult nearby",
            "Staff to be confident with safe moving and with {n}’s walker",
        ),
        support=(S.OBSERVATION, S.TRAINING_STAFF, S.REVERSE_VISIT),
        indes=1,
    ),
    Narrative(
        need="HI",
        second="SLCN",
        years=BOTH,
        described=(
            "{n} wears two hearing aids for a moderate loss and has worn them at nursery since September. The room "
            "echoes, and {he} takes the aids out when it is loud.",
        ),
        tried=(
            (
                "The teacher of the deaf advised on checks of the aids; soft furnishings and rugs were added; staff "
                "get {his} attention before speaking.",
                "The aids stay in for about half of the session. {He} joins in at story time when sitting close, and "
                "is lost in large groups.",
            ),
        ),
        goals=(
            "To keep the aids in for the whole session",
            "To follow a story in a group of eight",
            "Staff to use signs alongside speech in routines",
        ),
        support=(S.OBSERVATION, S.ADVICE, S.TRAINING_STAFF),
        indes=2,
    ),
    Narrative(
        need="PMLD",
        years=BOTH,
        described=(
            "{n} has a rare chromosome condition, is fed by gastrostomy and has seizures most days. {He} shows "
            "pleasure in voices and lights and tells familiar adults apart. It is {his} first time away from home.",
        ),
        tried=(
            (
                "Two staff were trained by the community nurse; a care plan is in place; {he} has "
                "one-to-one support, and the portage home visitor has shared {his} plan.",
                "{n} is settled and well. Staff keep {him} safe but are not sure how to plan play and learning that "
                "is right for {him}.",
            ),
        ),
        goals=(
            "To show a choice between two objects by looking or reaching",
            "Staff to plan five multi-sensory activities a week with confidence",
        ),
        support=(S.MODELLING, S.RESOURCES, S.REVERSE_VISIT),
        second="VI",
        indes=7,
    ),
    Narrative(
        need="SEMH",
        second="SLCN",
        years=N1,
        described=(
            "{n} came to the setting in September and has not spoken here, although {he} talks at home. {He} stands "
            "by the door for most of the session and does not eat or drink.",
        ),
        tried=(
            (
                "A home visit, a photo book of the room and staff, a parent staying for the first hour, and no "
                "pressure to speak.",
                "{n} now comes in without crying and plays with dough beside {his} key person. {He} has begun to "
                "point. {He} still does not speak, eat or drink here.",
            ),
        ),
        goals=(
            "To eat or drink something during each session",
            "To play beside one other child",
            "Staff to know how to lower the pressure to speak",
        ),
        support=(S.OBSERVATION, S.ADVICE),
        indes=6,
    ),
)

GROUPS = (
    Narrative(
        need="SLCN",
        years=N2,
        what_they_share="All start school next September, score in the red or amber section of WellComm, and have no "
        "other identified need.",
        sizes=(5, 6, 8),
        described=(
            "More than half of this year’s leavers have delayed language. Staff have good general practice but no "
            "shared approach, and three of them are new to the setting.",
        ),
        tried=(
            (
                "WellComm for every child, a weekly language group led by the deputy, and library visits with "
                "families.",
                "Two children moved out of the red section. The group is cancelled when staff are short, and there is "
                "little carry-over into the room.",
            ),
        ),
        goals=(
            "Every member of staff to use the same five language strategies",
            "The environment to give children more reasons to talk",
        ),
        support=(S.TRAINING_WHOLE, S.MODELLING),
        indes=4,
    ),
    Narrative(
        need="ASD",
        years=BOTH,
        what_they_share="Children with social communication differences who find the start and end of sessions hard.",
        sizes=(3, 4),
        described=(
            "Several children arrived in September who need a calm space and predictable routines. The hall is shared, "
            "and everything is packed away each day.",
        ),
        tried=(
            (
                "A visual timetable, a den made from screens, and staggered arrivals.",
                "Arrivals are quieter. The den is used as a store by midday, and staff would like to see how a "
                "specialist class sets up its room.",
            ),
        ),
        goals=(
            "A calm area that can be set up in five minutes and stays in use all session",
            "Staff to use the same visual supports at each transition",
        ),
        support=(S.REVERSE_VISIT, S.RESOURCES, S.TRAINING_WHOLE),
    ),
)
