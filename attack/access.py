"""Who may do what: for each address of the desk, those who may read it and those who may post to it.

This table is written by hand and read only by the attack: a view that loses its guard then differs from it. An address
that is missing here is reported.
"""

from collections.abc import Mapping

NOBODY = "nobody"
SIGNED_IN = frozenset({"guest", "trader", "operator", "codeless", "administrator", "root"})
EVERYBODY = SIGNED_IN | {NOBODY}
TRADERS = SIGNED_IN - {"guest"}
OPERATIONS = frozenset({"operator", "administrator", "root"})
OPERATORS = frozenset({"operator", "root"})
ADMINISTRATORS = frozenset({"administrator", "root"})
NONE: frozenset[str] = frozenset()

Rule = tuple[frozenset[str], frozenset[str]]

#: Name of the address: who may read, who may post.
PAGES: dict[str, Rule] = {
    "board": (TRADERS, NONE),
    "board_list": (TRADERS, NONE),
    "find": (TRADERS, NONE),
    "fold": (NONE, TRADERS),
    "fold_sport": (NONE, TRADERS),
    "bet_history": (TRADERS, NONE),
    "price_alert": (TRADERS, TRADERS),
    "density": (NONE, TRADERS),
    "fixture": (TRADERS, NONE),
    "fixture_markets": (TRADERS, NONE),
    "go_to_moment": (TRADERS, NONE),
    "board_at": (TRADERS, NONE),
    "board_list_at": (TRADERS, NONE),
    "fixture_at": (TRADERS, NONE),
    "fixture_markets_at": (TRADERS, NONE),
    "fixture_turn": (TRADERS, NONE),
    "movers_at": (TRADERS, NONE),
    "competitions_at": (TRADERS, NONE),
    "health_at": (TRADERS, NONE),
    "attention_at": (TRADERS, NONE),
    "alerts_at": (TRADERS, NONE),
    # It is there to say what is not.
    "not_there": (NONE, NONE),
    "beside": (TRADERS, NONE),
    "side_by_side": (TRADERS, NONE),
    "board_frame": (NONE, TRADERS),
    "fixture_frame": (NONE, TRADERS),
    "filters": (TRADERS, NONE),
    "columns": (TRADERS, NONE),
    "pick_columns": (NONE, TRADERS),
    "favourite": (NONE, TRADERS),
    "pinned_market": (NONE, TRADERS),
    "view": (NONE, TRADERS),
    "note": (NONE, TRADERS),
    "claim": (NONE, TRADERS),
    "history": (TRADERS, NONE),
    "history_data": (TRADERS, NONE),
    "history_csv": (TRADERS, NONE),
    "spark": (TRADERS, NONE),
    "competitions": (TRADERS, NONE),
    "movers": (TRADERS, NONE),
    "movers_lists": (TRADERS, NONE),
    "reactions": (TRADERS, NONE),
    "attention": (TRADERS, NONE),
    "shift": (TRADERS, NONE),
    "hand_over": (NONE, TRADERS),
    "dismiss": (NONE, TRADERS),
    "dismiss_none": (NONE, TRADERS),
    "alerts": (TRADERS, TRADERS),
    "new_alerts": (TRADERS, NONE),
    "alerts_seen": (NONE, TRADERS),
    # The rule is the trader's own.
    "alert_rule": (NONE, frozenset({"trader"})),
    "next_notation": (NONE, TRADERS),
    "preferences": (TRADERS, TRADERS),
    "health": (TRADERS, NONE),
    "log": (TRADERS, NONE),
    "log_csv": (TRADERS, NONE),
    "log_zip": (OPERATIONS, NONE),
    # No message of the attacked desk is in a recording.
    "log_body": (NONE, NONE),
    "proof": (OPERATIONS, OPERATIONS),
    "shown": (OPERATIONS, OPERATIONS),
    "shown_fixture": (OPERATIONS, OPERATIONS),
    # Only where the log is public; the attacked desk keeps it private.
    "proof_checkpoint": (NONE, NONE),
    "proof_cosigned": (NONE, NONE),
    "proof_witness": (NONE, NONE),
    "proof_tile": (NONE, NONE),
    "docs_stream": (EVERYBODY, NONE),
    "docs_asyncapi": (EVERYBODY, NONE),
    "docs_openapi": (EVERYBODY, NONE),
    "metrics": (OPERATIONS, NONE),
    "healthz": (EVERYBODY, NONE),
    "readyz": (EVERYBODY, NONE),
    "words": (EVERYBODY, NONE),
    "sign_in": (EVERYBODY, EVERYBODY),
    "demo_sign_in": (NONE, NONE),
    "tour": (NONE, NONE),
    "sign_out": (NONE, SIGNED_IN),
    "change_password": (SIGNED_IN, SIGNED_IN),
    "password_changed": (SIGNED_IN, NONE),
    "own_sessions": (SIGNED_IN, SIGNED_IN),
    # Only where everybody needs a code; on the attacked desk, only operations do.
    "own_code": (NONE, NONE),
    "own_phone": (NONE, NONE),
}
#: The REST API, where tokens are let in as well.
PROGRAMS: dict[str, Rule] = {
    "api_feed": (TRADERS | {"token all", "token scores", "token elsewhere"}, NONE),
    "api_fixtures": (TRADERS | {"token all", "token scores", "token elsewhere"}, NONE),
    "api_fixture": (TRADERS | {"token all", "token scores"}, NONE),
    "api_changes": (TRADERS | {"token all", "token scores", "token elsewhere"}, NONE),
    "api_competitions": (TRADERS | {"token all", "token scores", "token elsewhere"}, NONE),
    "api_history": (TRADERS | {"token all"}, NONE),
    "api_log": (TRADERS | {"token all"}, NONE),
}
CODE = OPERATIONS | {"codeless"}
#: The operations pages that belong to no model.
OPERATIONS_PAGES: dict[str, Rule] = {
    "code": (CODE, CODE),
    "enrol": (OPERATIONS, OPERATIONS),
    "index": (OPERATIONS, NONE),
    "login": (NONE, NONE),
    "logout": (NONE, OPERATIONS),
    # Redirects to the desk's own page.
    "password_change": (OPERATIONS, OPERATIONS),
    "password_change_done": (OPERATIONS, NONE),
    "autocomplete": (NONE, NONE),
    "jsi18n": (OPERATIONS, NONE),
    "view_on_site": (NONE, NONE),
    "app_list": (OPERATIONS, NONE),
    "admin/(?P<url>.*)$": (NONE, NONE),
}
#: For each model: who may see, add, change and delete its rows.
MODELS: dict[str, tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]] = {
    "packages_admin_package": (OPERATIONS, OPERATORS, OPERATORS, ADMINISTRATORS),
    "packages_admin_packagecall": (OPERATIONS, NONE, NONE, NONE),
    "feed_fixture": (OPERATIONS, NONE, NONE, NONE),
    "feed_feedsource": (OPERATIONS, NONE, NONE, NONE),
    "feed_break": (OPERATORS, NONE, NONE, NONE),
    "feed_recovery": (OPERATORS, NONE, NONE, NONE),
    "feed_livedifference": (OPERATORS, NONE, NONE, NONE),
    "feed_unknowncode": (OPERATORS, NONE, NONE, NONE),
    "feed_rejectedmessage": (OPERATORS, NONE, NONE, NONE),
    "feed_subscribertoken": (ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS, NONE),
    "alarms_destination": (OPERATIONS, OPERATORS, OPERATORS, OPERATORS),
    "alarms_alarm": (OPERATIONS, NONE, NONE, NONE),
    "webhooks_webhook": (OPERATIONS, ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS),
    "auth_user": (ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS),
    "auth_group": (ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS, ADMINISTRATORS),
    "otp_totp_totpdevice": (ADMINISTRATORS, NONE, NONE, ADMINISTRATORS),
    "otp_static_staticdevice": (ADMINISTRATORS, NONE, NONE, ADMINISTRATORS),
}
#: Addresses of operations pages beside the five that Django makes for each model.
BUTTONS: dict[str, Rule] = {
    "packages_admin_package_activate": (NONE, OPERATORS),
    "packages_admin_package_deactivate": (NONE, OPERATORS),
    "packages_admin_package_status": (NONE, OPERATORS),
    "packages_admin_package_snapshot": (NONE, OPERATORS),
    "packages_admin_package_facts": (OPERATIONS, NONE),
    # The attacked desk's package is a Hyper package, which has no such page.
    "packages_admin_package_at_lsports": (NONE, NONE),
    "packages_admin_packagecall_export": (OPERATIONS, NONE),
    "feed_livedifference_repair": (NONE, OPERATORS),
    "alarms_destination_try": (NONE, OPERATORS),
    "feed_rejectedmessage_retry": (NONE, OPERATORS),
    "feed_rejectedmessage_retry_all": (NONE, OPERATORS),
    "feed_subscribertoken_revoke": (NONE, ADMINISTRATORS),
    "auth_user_password_change": (ADMINISTRATORS, ADMINISTRATORS),
    "otp_totp_totpdevice_config": (NONE, NONE),
    "otp_totp_totpdevice_qrcode": (NONE, NONE),
}


def rules() -> Mapping[str, Rule]:
    """The whole table."""
    found = {**PAGES, **PROGRAMS, **OPERATIONS_PAGES, **BUTTONS}
    for model, (seers, adders, changers, deleters) in MODELS.items():
        app, _, name = model.rpartition("_")
        found |= {
            f"{model}_changelist": (seers, seers),
            f"{model}_add": (adders, adders),
            f"{model}_history": (seers, NONE),
            f"{model}_change": (seers, changers),
            f"{model}_delete": (deleters, deleters),
            f"admin/{app}/{name}/<path:object_id>/": (OPERATIONS, NONE),
        }
    return found
