"""LSports' numbers and their names (protocol.md section 4). Nowhere else in the desk is there a bare `2`.

A number that has no name here is normal: its label keeps the number ("Period 61"), see the `*_label` functions.
"""

from .fixtures import (
    AgeCategory,
    CompetitionType,
    Gender,
    ParticipantType,
    PlayerType,
    age_category_label,
    competition_type_label,
    gender_label,
)
from .hyper import HyperKind, HyperStatus, hyper_kind, hyper_status
from .known import KNOWN
from .livescore import (
    ClockStatus,
    Confirmation,
    DangerStatus,
    DangerType,
    clock_label,
    confirmation_label,
    danger_label,
    danger_status_label,
    description_label,
)
from .markets import market_label
from .periods import SET_SPORTS, PeriodType, SportId, period_is_known, period_label
from .statistics import IncidentType, incident_label, statistic_label
from .statuses import (
    IN_PLAY,
    UPCOMING,
    BetStatus,
    FixtureStatus,
    MessageType,
    Settlement,
    SubscriptionStatus,
    SubscriptionType,
    bet_status_label,
    message_type_label,
    settlement_label,
    status_label,
    suspension_label,
)

__all__ = [
    "IN_PLAY",
    "KNOWN",
    "SET_SPORTS",
    "UPCOMING",
    "AgeCategory",
    "BetStatus",
    "ClockStatus",
    "CompetitionType",
    "Confirmation",
    "DangerStatus",
    "DangerType",
    "FixtureStatus",
    "Gender",
    "HyperKind",
    "HyperStatus",
    "IncidentType",
    "MessageType",
    "ParticipantType",
    "PeriodType",
    "PlayerType",
    "Settlement",
    "SportId",
    "SubscriptionStatus",
    "SubscriptionType",
    "age_category_label",
    "bet_status_label",
    "clock_label",
    "competition_type_label",
    "confirmation_label",
    "danger_label",
    "danger_status_label",
    "description_label",
    "gender_label",
    "hyper_kind",
    "hyper_status",
    "incident_label",
    "market_label",
    "message_type_label",
    "period_is_known",
    "period_label",
    "settlement_label",
    "statistic_label",
    "status_label",
    "suspension_label",
]
