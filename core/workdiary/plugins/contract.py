"""What the host knows about each hook, as data; a test holds it to the docstrings in ``workdiary.hooks``."""

from __future__ import annotations

#: Seconds that one call may take on the plugin's lane.
BUDGETS = {
    "workdiary_start": 5.0,
    "workdiary_stop": 2.0,
    "workdiary_count_input": 0.25,
    "workdiary_capture_window": 0.25,
    "workdiary_presence": 0.25,
    "workdiary_plan_moments": 0.25,
    "workdiary_decide_snapshot": 0.25,
    "workdiary_survey_screen": 1.0,
    "workdiary_grab_screen": 5.0,
    "workdiary_redact": 5.0,
    "workdiary_notify": 0.5,
    "workdiary_register_uploaders": 5.0,
    "workdiary_checks": 5.0,
    "workdiary_lanes": 2.0,
    "workdiary_observe": 0.25,
}

#: Called directly, on the main thread, without a start.
ON_MAIN = frozenset(
    {
        "workdiary_config_type",
        "workdiary_billing_rules",
        "workdiary_protection_rules",
        "workdiary_exporters",
        "workdiary_commands",
    }
)

#: Answered by an iterable, which is read on the lane.
MANY = frozenset({"workdiary_plan_moments", "workdiary_register_uploaders", "workdiary_checks", "workdiary_lanes"})

#: Handed the plugin's context.
TAKE_CONTEXT = frozenset({"workdiary_start", "workdiary_register_uploaders"})

#: What can be asked of a plugin in a process of its own: its answers are plain values.
REMOTE = frozenset(BUDGETS) - {"workdiary_register_uploaders", "workdiary_checks", "workdiary_lanes"}

#: Failures in a row after which a hook rests; then it is tried again after FIRST_REST seconds, doubling.
TOLERANCE = 3
FIRST_REST = 5.0
LONGEST_REST = 600.0
