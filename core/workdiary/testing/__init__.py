"""The conformance kit: what every plugin has promised, as tests to subclass.

A vendor names the plugin's entry point and inherits the rest::

    import pytest
    from workdiary.testing import InputMeterContract, PluginContract

    class TestMyMeter(PluginContract, InputMeterContract):
        @pytest.fixture
        def entry_point(self):
            return "my-meter"

pytest is needed here and nowhere else in core: ``pip install workdiary[testing]``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workdiary.testing.fakes import FlakyUploader, ManualClock, ScriptedInput
    from workdiary.testing.keeping import Kept, StoreContract
    from workdiary.testing.network import NetworkContract
    from workdiary.testing.notifier import NotifierContract
    from workdiary.testing.plugin import PluginContract
    from workdiary.testing.policy import PolicyContract
    from workdiary.testing.redactor import RedactorContract
    from workdiary.testing.screen import GrabberContract, SurveyContract
    from workdiary.testing.sources import InputMeterContract, PresenceContract, WindowProbeContract
    from workdiary.testing.uploader import UploaderContract

__all__ = [
    "FlakyUploader",
    "GrabberContract",
    "InputMeterContract",
    "Kept",
    "ManualClock",
    "NetworkContract",
    "NotifierContract",
    "PluginContract",
    "PolicyContract",
    "PresenceContract",
    "RedactorContract",
    "ScriptedInput",
    "StoreContract",
    "SurveyContract",
    "UploaderContract",
    "WindowProbeContract",
]

_MODULES = {
    "fakes": ("FlakyUploader", "ManualClock", "ScriptedInput"),
    "keeping": ("Kept", "StoreContract"),
    "network": ("NetworkContract",),
    "notifier": ("NotifierContract",),
    "plugin": ("PluginContract",),
    "policy": ("PolicyContract",),
    "redactor": ("RedactorContract",),
    "screen": ("GrabberContract", "SurveyContract"),
    "sources": ("InputMeterContract", "PresenceContract", "WindowProbeContract"),
    "uploader": ("UploaderContract",),
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that the fakes and the desktop can be used without pytest."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
