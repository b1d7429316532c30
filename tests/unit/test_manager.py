import inspect
import re

import pytest

from workdiary import hooks
from workdiary.payloads import Cause, Occasion, Snapshot, Tick, Unknown, Window
from workdiary.plugins.contract import BUDGETS, ON_MAIN
from workdiary.testing.outsiders import Outsiders

TICK = Tick(wall_ms=0, mono_ms=0, slot=0)
METER = """
from workdiary.hooks import hookimpl
from workdiary.payloads import InputCounts
@hookimpl{options}
def workdiary_count_input(tick):
    return InputCounts(since="{since}", keys=1, clicks=2, scrolls=3)
"""


@pytest.fixture
def outsiders(tmp_path, monkeypatch):
    house = Outsiders(tmp_path, monkeypatch)
    yield house
    house.close()


def meter(since, options=""):
    return METER.format(since=since, options=options)


def status(host, name):
    (found,) = [item for item in host.status() if item.name == name]
    return found


def reason_of(outsiders, source, settings=""):
    outsiders.add("odd", source)
    found = status(outsiders.load(settings), "odd")
    assert found.state == "left out"
    return found.reason


def test_every_hook_has_its_budget_in_its_docstring_and_in_the_data():
    for name, hook in inspect.getmembers(hooks, inspect.isfunction):
        if name.startswith("workdiary_"):
            said = re.search(r"Budget ([\d.]+)\s+s\b", inspect.getdoc(hook))
            assert (float(said[1]) if said else None) == BUDGETS.get(name), name
            assert (name in ON_MAIN) != (name in BUDGETS), name


def test_an_installed_plugin_is_found_and_answers(outsiders):
    outsiders.add("meter", meter("a"), version="2.5")
    host = outsiders.load()
    assert host.count_input(TICK).plugin == "meter"
    found = status(host, "meter")
    assert (found.distribution, found.version, found.state) == ("workdiary-meter", "2.5", "running")
    assert found.hooks == ("workdiary_count_input",)
    assert found.last_reading is not None


def test_one_that_cannot_be_imported_costs_only_itself(outsiders):
    outsiders.add("aaa", "import sys; sys.exit(3)")
    outsiders.add("meter", meter("a"))
    host = outsiders.load()
    assert status(host, "aaa").reason == "cannot be imported: SystemExit: 3"
    assert host.count_input(TICK).plugin == "meter"


def test_an_interrupt_while_loading_is_not_swallowed(outsiders):
    outsiders.add("aaa", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        outsiders.load()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("WORKDIARY_HOOK_API = (2, 0)", "needs hook API 2.0, this workdiary has 1.0"),
        ("WORKDIARY_HOOK_API = '1'", "WORKDIARY_HOOK_API must be a pair"),
        ("def workdiary_redact(snapshot): ...", "workdiary_redact is not marked with @hookimpl"),
        (
            "from workdiary.hooks import hookimpl\n@hookimpl\ndef workdiary_redakt(snapshot): ...",
            "workdiary_redakt is no hook of workdiary; did you mean workdiary_redact?",
        ),
        (
            "from workdiary.hooks import hookimpl\n@hookimpl(wrapper=True)\ndef workdiary_redact():\n  yield",
            "workdiary_redact is a wrapper",
        ),
        (
            "from workdiary.hooks import hookimpl\n@hookimpl\ndef workdiary_redact(image): ...",
            "PluginValidationError",
        ),
        (
            "from workdiary.hooks import hookimpl\n@hookimpl\ndef workdiary_config_type(): return dict",
            "workdiary_config_type must return a frozen dataclass",
        ),
    ],
)
def test_one_that_breaks_the_contract_is_left_out_with_its_reason(outsiders, source, reason):
    assert reason in reason_of(outsiders, source)


CONFIGURED = """
from dataclasses import dataclass
from workdiary.hooks import hookimpl
from workdiary.payloads import InputCounts
@dataclass(frozen=True)
class Config:
    device: str = "all"
@hookimpl
def workdiary_config_type(): return Config
@hookimpl
def workdiary_start(context):
    global since
    since = context.config.device + str(context.state_directory.name)
@hookimpl
def workdiary_count_input(): return InputCounts(since=since, keys=1, clicks=1, scrolls=1)
"""


def test_a_plugin_is_handed_its_own_table_as_its_own_type(outsiders):
    outsiders.add("odd", CONFIGURED)
    host = outsiders.load('[plugins.odd]\ndevice = "left"')
    assert host.count_input(TICK).value.since == "leftodd"
    assert set(host.config_types()) == {"directory", "odd"}


def test_a_wrong_setting_names_file_table_and_key(outsiders):
    reason = reason_of(outsiders, CONFIGURED, "[plugins.odd]\ndevise = 'x'")
    assert reason == 'config.toml: [plugins.odd] devise: unknown setting; did you mean "device"?'


def test_a_setting_for_a_plugin_without_settings_is_an_error(outsiders):
    assert "[plugins.odd] speed: unknown setting" in reason_of(outsiders, meter("a"), "[plugins.odd]\nspeed = 1")


def test_a_name_in_the_settings_that_is_not_installed_is_shown(outsiders):
    host = outsiders.load('[plugins]\norder = ["ghost"]\ndisabled = ["pynputt"]')
    for name in ("ghost", "pynputt"):
        assert status(host, name).reason == "named in the settings but not installed"


def test_one_that_the_settings_rely_on_and_that_is_missing_closes_the_way_for_pictures(outsiders):
    snapshot = Snapshot(occasion=OCCASION, window=Window(app="a", title="b"))
    host = outsiders.load("[plugins.veil]\nwords = []")
    assert host.redact(snapshot) == Unknown(reason="privacy filter veil failed: it could not be loaded")
    assert outsiders.load('[plugins]\ndisabled = ["veil"]').redact(snapshot) == snapshot


def test_the_order_is_the_users_then_the_plugins_wish_then_the_name(outsiders):
    for name, options in {"b": "", "a": "", "z": "(tryfirst=True)", "k": "(trylast=True)"}.items():
        outsiders.add(name, meter(name, options))

    def first(settings):
        return outsiders.load(settings).count_input(TICK).plugin

    assert first("") == "z"
    assert first('[plugins]\ndisabled = ["z"]') == "a"
    assert first('[plugins]\ndisabled = ["z", "a", "b"]') == "k"
    assert first('[plugins]\norder = ["k", "b"]') == "k"


def test_a_disabled_plugin_is_not_even_imported(outsiders):
    outsiders.add("odd", "raise SystemExit")
    assert status(outsiders.load('[plugins]\ndisabled = ["odd"]'), "odd").state == "disabled"


def test_safe_mode_has_only_what_is_built_in(outsiders):
    outsiders.add("meter", meter("a"))
    answer = outsiders.load(safe_mode=True).count_input(TICK)
    assert answer.plugin == ""
    assert answer.value == Unknown(
        reason="no input meter is installed for this desktop; try: pip install workdiary-x11, or workdiary-evdev"
    )


def test_two_plugins_of_one_name_are_told_apart_by_distribution(outsiders):
    outsiders.add("meter", meter("a"), distribution="aaa-first")
    outsiders.add("meter", meter("b"), distribution="bbb-second")
    host = outsiders.load()
    (out,) = [item for item in host.status() if item.state == "left out"]
    assert out.distribution == "bbb-second"
    assert out.reason == "aaa-first has a plugin of the same name"


UPLOADERS = """
from workdiary.hooks import hookimpl
class Backend:
    name = "http"
    def deliver(self, items): return []
    def close(self): pass
@hookimpl
def workdiary_register_uploaders(context): yield Backend()
"""


def test_two_uploaders_of_one_name_are_refused_naming_both_distributions(outsiders):
    outsiders.add("one", UPLOADERS, distribution="firm-a")
    host = outsiders.load()
    assert [uploader.name for uploader in host.uploaders()] == ["http"]
    outsiders.add("two", UPLOADERS, distribution="firm-b")
    host = outsiders.load()
    assert host.uploaders() == []
    reason = "uploader 'http' is refused: it is offered more than once, by firm-a and firm-b"
    assert [status(host, name).reason for name in ("one", "two")] == [reason, reason]


def test_a_plugin_whose_exporters_fail_costs_only_its_own(outsiders):
    text = "from workdiary.hooks import hookimpl\n@hookimpl\ndef workdiary_exporters(): "
    outsiders.add("bad", text + "raise OSError('no disk')")
    outsiders.add(
        "good", text + "return [__import__('workdiary.exporter').exporter.Exporter(name='x', suffix='', write=print)]"
    )
    host = outsiders.load()
    assert "x" in [exporter.name for exporter in host.exporters()]
    assert status(host, "bad").reason == "exporters failed: OSError: no disk"


@pytest.mark.parametrize(
    "source", ["import nothing_of_this_name", "WORKDIARY_HOOK_API = (9, 9)\ndef workdiary_redact(): ..."]
)
def test_a_filter_that_did_not_load_closes_the_way_for_pictures(outsiders, source):
    outsiders.add("veil", source)
    snapshot = Snapshot(occasion=OCCASION, window=Window(app="a", title="b"))
    assert outsiders.load().redact(snapshot) == Unknown(reason="privacy filter veil failed: it could not be loaded")
    assert outsiders.load('[plugins]\ndisabled = ["veil"]').redact(snapshot) == snapshot


def test_a_meter_that_did_not_load_does_not_close_it(outsiders):
    outsiders.add("meter", "WORKDIARY_HOOK_API = (9, 9)\ndef workdiary_count_input(): ...")
    snapshot = Snapshot(occasion=OCCASION, window=Window(app="a", title="b"))
    assert outsiders.load().redact(snapshot) == snapshot


OCCASION = Occasion(cause=Cause.DERIVED, wall_ms=0, contract="c")
