"""Queue, health, settings and the tracker's control in the browser, with a real tracker."""

from __future__ import annotations

import json

import pytest

from workdiary.link import client


def test_the_queue_says_what_was_refused_and_why_and_hands_it_out(site, page):
    page.goto(site("queue"))
    text = page.inner_text("section.backend")
    assert "Refused\n1" in text
    assert "onerror=alert(1)" in text
    with page.expect_download() as download:
        page.click("text=Download what was refused")
    document = json.loads(download.value.path().read_text())
    assert (document["uploader"], [one["number"] for one in document["refused"]]) == ("directory", [9])
    assert json.loads(document["refused"][0]["body"])["kind"] == "segment"
    page.click("button:has-text('Offer again')")
    page.wait_for_url("**?offered=directory")
    assert site.machine.queue()[0]["quarantined"] == 0


def test_a_backend_that_there_is_not_is_refused(site, page):
    assert page.goto(site("queue/nobody/refused")).status == 404


def test_health_looks_by_itself_and_lists_what_can_observe(site, page):
    page.goto(site("health"))
    page.wait_for_selector(".checks li", timeout=20_000)
    assert page.locator(".checks li.ok", has_text="journal").count() == 1
    assert "there is no desktop session here" in page.inner_text(".checks")
    assert {"directory", "rules"} <= {one.strip() for one in page.locator(".cards h3").all_inner_texts()}


def test_health_looks_on_request_without_scripts(site, open_page):
    page = open_page(scripts=False)
    page.goto(site("health"))
    assert page.locator(".checks").count() == 0
    page.click("text=Carry out the checks")
    assert page.locator(".checks li.ok", has_text="journal").count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_setting_is_changed_and_reset_and_comments_stay(site, open_page, scripts):
    page = open_page(scripts=scripts)
    page.goto(site("settings"))
    assert "takes it up at its next start" in page.inner_text(".lead")
    form = page.locator("form[id='snapshot.quality']")
    form.locator("input[name=value]").fill("80")
    form.locator("button", has_text="Save").click()
    page.wait_for_url("**saved=snapshot.quality**")
    assert "saved" in form.inner_text()
    text = site.home.config_file.read_text()
    assert "quality = 80" in text
    assert text.startswith("# mine\n")
    form.locator("button", has_text="Default").click()
    page.wait_for_function("document.getElementById('f-snapshot.quality').value == '75'")
    assert "quality" not in site.home.config_file.read_text()


def test_a_list_is_typed_one_on_each_line(site, page):
    page.goto(site("settings"))
    form = page.locator("form[id='plugins.disabled']")
    form.locator("textarea").fill('pynput\n\n  a "quoted", name  \n')
    form.locator("button", has_text="Save").click()
    page.wait_for_url("**saved=plugins.disabled**")
    assert next(one.value for one in site.machine.settings() if one.setting.key == "plugins.disabled") == [
        "pynput",
        'a "quoted", name',
    ]
    assert form.locator("textarea").input_value() == 'pynput\na "quoted", name'


def test_a_wrong_value_is_refused_beside_its_field_and_kept_there(site, page, axe):
    page.goto(site("settings"))
    before = site.home.config_file.read_bytes()
    form = page.locator("form[id='snapshot.quality']")
    form.locator("input[name=value]").fill("900")
    form.locator("button", has_text="Save").click()
    assert "expected int <= 100" in form.inner_text().lower()
    assert form.locator("input[name=value]").input_value() == "900"
    assert page.evaluate("document.activeElement.id") == "f-snapshot.quality"
    assert site.home.config_file.read_bytes() == before
    assert axe(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_the_tracker_is_steered_from_every_page(site, open_page, scripts):
    page = open_page(scripts=scripts)
    page.goto(site("contracts"))
    page.click(".tracker summary")
    page.select_option(".tracker select[name=contract]", "tern")
    page.fill(".tracker input[name=memo]", "On <b>the</b> parser")
    page.click(".tracker button:has-text('Start')")
    page.wait_for_selector(".state-tracking")
    assert page.url == site("contracts")
    status = client.call(site.home.socket, "status")
    assert (status["contract"], status["memo"]) == ("tern", "On <b>the</b> parser")
    for button, state in (("Pause", "paused"), ("Resume", "tracking")):
        page.click(".tracker summary")
        page.click(f".tracker button:has-text('{button}')")
        page.wait_for_selector(f".state-{state}")
    page.click(".tracker summary")
    page.fill(".tracker form:has(input[value=memo]) input[name=memo]", "Another")
    page.click(".tracker button:has-text('Set the memo')")
    page.wait_for_selector(".now-what:has-text('Another')")
    page.click(".tracker summary")
    page.select_option(".tracker select[name=contract]", "acme")
    page.click(".tracker button:has-text('Switch')")
    page.wait_for_selector(".now-what:has-text('acme')")
    page.click(".tracker summary")
    page.click(".tracker button:has-text('Stop')")
    page.wait_for_selector(".state-stopped")


def test_what_the_tracker_refuses_is_said_and_what_was_typed_stays(site, page, axe):
    page.goto(site("contracts"))
    page.click(".tracker summary")
    page.fill(".tracker input[name=memo]", "x" * 501)
    page.click(".tracker button:has-text('Start')")
    assert "The memo has 501 characters. Write at most 500." in page.inner_text("[role=alert]")
    assert page.input_value("main input[name=memo]") == "x" * 501
    assert axe(page) == []


def test_a_diary_alone_shows_nothing_of_a_machine(alone, hasty_page):
    hasty_page.goto(alone("contracts"))
    assert hasty_page.locator(".tracker, .machine").count() == 0
    for path in ("queue", "health", "settings"):
        assert hasty_page.goto(alone(path)).status == 404
        assert "there is only a diary here" in hasty_page.inner_text("main")
