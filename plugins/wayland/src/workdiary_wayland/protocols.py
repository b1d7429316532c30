"""The protocols that this plugin speaks, and what is said where a compositor does not."""

from __future__ import annotations

from workdiary.payloads import Unknown

WINDOWS = "zwlr_foreign_toplevel_manager_v1"
PICTURES = "zwlr_screencopy_manager_v1"
COPIES, SOURCES = "ext_image_copy_capture_manager_v1", "ext_output_image_capture_source_manager_v1"
TIMERS = ("ext_idle_notifier_v1", "org_kde_kwin_idle")
NO_WINDOWS = Unknown(reason=f"the compositor names no windows ({WINDOWS} is missing)")
NO_PICTURES = Unknown(reason=f"the compositor hands out no pictures (neither {PICTURES} nor {COPIES})")
NO_TIMER = Unknown(reason=f"the compositor tells no idle time (neither {' nor '.join(TIMERS)})")
