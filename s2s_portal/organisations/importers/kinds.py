"""What the registers' kinds of establishment mean for S2S until an administrator says otherwise (DESIGN §3).

Pure: the defaults only. The table that decides is `EstablishmentKind`, and an import never changes a row of it.
"""

from s2s_portal.organisations.choices import Eligibility, Source

NOT_ON_REGISTER = ", not on the Early Years Register"

_GIAS = {
    Eligibility.EARLY_YEARS: ["Local authority nursery school"],
    Eligibility.MAINSTREAM: [
        "Academy converter",
        "Academy sponsor led",
        "City technology college",
        "Community school",
        "Foundation school",
        "Free schools",
        "Studio schools",
        "University technical college",
        "Voluntary aided school",
        "Voluntary controlled school",
    ],
    Eligibility.PROVIDER: [
        "Academy special converter",
        "Academy special sponsor led",
        "Community special school",
        "Foundation special school",
        "Free schools special",
    ],
    Eligibility.NOT_ELIGIBLE: [
        "Academy 16 to 19 sponsor led",
        "Academy 16-19 converter",
        "Academy alternative provision converter",
        "Academy alternative provision sponsor led",
        "Academy secure 16 to 19",
        "British schools overseas",
        "European schools",
        "Free schools 16 to 19",
        "Free schools alternative provision",
        "Further education",
        "Higher education institutions",
        "Institution funded by other government department",
        "Legacy types",
        "Miscellaneous",
        "Non-maintained special school",
        "Offshore schools",
        "Online provider",
        "Other independent school",
        "Other independent special school",
        "Pupil referral unit",
        "Secure units",
        "Service children's education",
        "Sixth form centres",
        "Special college",
        "Special post 16 institution",
        "Welsh establishment",
    ],
}
_OFSTED_EARLY_YEARS = [
    "Childcare on non-domestic premises",
    "Childcare on domestic premises",
    "Childminder",
]
_OFSTED_NOT_ELIGIBLE = ["Home childcarer"]

DEFAULTS: dict[Source, dict[str, Eligibility]] = {
    Source.GIAS: {name: meaning for meaning, names in _GIAS.items() for name in names},
    Source.OFSTED: dict.fromkeys(_OFSTED_EARLY_YEARS, Eligibility.EARLY_YEARS)
    | dict.fromkeys(_OFSTED_NOT_ELIGIBLE, Eligibility.NOT_ELIGIBLE)
    | {name + NOT_ON_REGISTER: Eligibility.NOT_ELIGIBLE for name in _OFSTED_EARLY_YEARS + _OFSTED_NOT_ELIGIBLE},
}
"""For each register, the kinds it is known to use. A kind that is not here is added as not eligible, and named."""
