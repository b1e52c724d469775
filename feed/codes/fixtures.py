"""What fixtures belong to: competition types, kinds of leagues, participants and players."""

from enum import IntEnum

from .table import label, table


class CompetitionType(IntEnum):
    """A node of the competition tree. LSports names 1, 3 and 4; 0 and 2 were seen in messages."""

    NOT_SET = 0
    TRACK = 1
    RACE = 2
    LEAGUE = 3
    SEASON = 4


class Gender(IntEnum):
    """Who plays in a league."""

    MEN = 1
    WOMEN = 2
    MIX = 3


class AgeCategory(IntEnum):
    """The age of those who play in a league."""

    REGULAR = 0
    YOUTH = 1
    RESERVES = 2


class ParticipantType(IntEnum):
    """What sort of participant a league has."""

    CLUB = 1
    NATIONAL = 2
    INDIVIDUAL = 3
    VIRTUAL = 4
    ESPORTS = 5
    VIRTUAL_REAL = 6
    DOUBLES = 7


class PlayerType(IntEnum):
    """What a person in a line-up does."""

    PLAYER = 0
    OTHER = 1
    COACH = 2


COMPETITION_TYPES = table("0 Competition | 1 Track | 2 Race | 3 League | 4 Season")
GENDERS = table("1 Men | 2 Women | 3 Mixed")
AGE_CATEGORIES = table("0 Regular | 1 Youth | 2 Reserves")
PARTICIPANT_TYPES = table(
    "1 Club | 2 National team | 3 Individual | 4 Virtual | 5 Esports | 6 Virtual (VR) | 7 Doubles"
)
PLAYER_TYPES = table("0 Player | 1 Other | 2 Coach")
PLAYER_STATES = table("1 On the bench | 2 Playing | 3 Missing | 4 Expected to play")


def competition_type_label(code: int | None) -> str:
    """What a node of the competition tree is."""
    return label(COMPETITION_TYPES, code, "Competition type")


def gender_label(code: int | None) -> str:
    """Who plays in a league."""
    return label(GENDERS, code, "Gender")


def age_category_label(code: int | None) -> str:
    """The age of those who play in a league."""
    return label(AGE_CATEGORIES, code, "Age category")


def player_state_label(code: int | None) -> str:
    """Whether somebody in a line-up plays."""
    return label(PLAYER_STATES, code, "Player state")


def participant_type_label(code: int | None) -> str:
    """What sort of participants a league has, or what a participant is."""
    return label(PARTICIPANT_TYPES, code, "Participant type")


def player_type_label(code: int | None) -> str:
    """What a person in a line-up does."""
    return label(PLAYER_TYPES, code, "Player type")
