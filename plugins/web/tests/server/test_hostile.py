"""No request but the user's own gets a byte of the diary or changes one: every route, every case."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

import pytest
from hostile import HOSTILE, Target, blames
from routes import site_routes
from webclient import SECRET, Web, fingerprint, write_diary

from workdiary.paths import Home
from workdiary.slots import iso

DAY = time.strftime("%Y-%m-%d", time.gmtime())


def samples(ids):
    year, week, _ = time.strftime("%G %V %u", time.gmtime()).split()
    number = f"{year}-W{week}"
    return {
        "date": DAY, "week-of.name": number, "export.name": number, "verify.name": number, "contract": "acme",
        "name": "acme", "segment_id": ids[0], "index": "0", "action": "memo", "uploader": "directory",
        "static.path": "1-start.js",
    }  # fmt: skip


class Stage:
    """One process for all routes, and the cookie of one that is gone."""

    def __init__(self, home, site):
        self.ids = write_diary(home)
        old = Web(home, site=site)
        if "ungated" not in site:
            old.enter()
        self.stale, self.old_base = old.cookie or "workdiary=old", old.base
        old.end(signal.SIGKILL)
        self.web = Web(home, site=site)
        if "ungated" not in site:
            self.web.enter()
            assert self.web.cookie != self.stale
        else:
            self.web.cookie = "workdiary=whatever"

    def targets(self):
        paths = ["/", f"/enter/{self.web.ticket()}", "/events", "/not-there", *site_routes(samples(self.ids))]
        return [
            Target(web=self.web, method=method, path=path, stale=self.stale)
            for path in dict.fromkeys(paths)
            for method in ("GET", "POST")
        ]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    made = []

    def make(site):
        home = Home.find({"WORKDIARY_HOME": str(tmp_path_factory.mktemp(site) / "home")})
        made.append(Stage(home, site))
        return made[-1]

    yield make
    for one in made:
        one.web.end()


@pytest.fixture(scope="module")
def real(stage):
    return stage("real")


def sweep(stage, family):
    """Return route -> what hostile requests of a family got that they must not get."""
    found = {}
    for target in stage.targets():
        link = target.path.startswith("/enter/")
        for name in of(family):
            if link and target.method == "GET" and family == "session":
                continue  # whoever has a fresh link needs no session
            fresh = replace(target, path=f"/enter/{stage.web.ticket()}") if link else target
            if wrong := blames(stage.web.send(HOSTILE[name](fresh)), target, SECRET):
                found.setdefault(f"{target.method} {target.path[:20]}", {})[name] = wrong
            if link and stage.web.enter(fresh.path.removeprefix("/enter/")).status != 303:
                found.setdefault("the link was used up", {})[name] = True
    return found


def of(*families):
    return [name for name in HOSTILE if name.partition(":")[0] in families]


FAMILIES = sorted({name.partition(":")[0] for name in HOSTILE})


def test_there_are_enough_of_them():
    assert len(HOSTILE) >= 100


@pytest.mark.parametrize("family", FAMILIES)
def test_no_hostile_request_gets_data_or_changes_anything_on_any_route(real, family):
    before = fingerprint(real.web.home)
    assert sweep(real, family) == {}
    assert fingerprint(real.web.home) == before


def test_the_same_requests_without_their_fault_are_answered(real):
    for target in real.targets():
        if target.path == "/events" or target.path.startswith("/enter/"):
            continue
        answer = real.web.send(target.request("GET"))
        assert b"workdiary open" not in answer.body, target.path  # whatever it is, the gate let it through
    page = real.web.ask(path="/day/" + iso(time.time_ns() // 1_000_000)[:10])
    assert page.status == 200
    assert len(page.body) > 1000


@pytest.mark.parametrize("site", ["ungated", "ungated-bare"])
def test_without_the_gate_the_same_harness_reports_every_route(stage, site):
    ungated = stage(site)
    names = of("host", "origin", "session")[:: 1 if site == "ungated-bare" else 6]
    before = fingerprint(ungated.web.home)
    targets = [one for one in ungated.targets() if site == "ungated-bare" or one.method == "GET"]
    for target in targets:  # but nothing is changed for real
        patience, some = (0.2, names[:3]) if target.path == "/events" else (5.0, names)
        answers = [ungated.web.send(HOSTILE[name](target), patience) for name in some]
        assert all(blames(one, target, SECRET) for one in answers), f"{target.method} {target.path}"
    if site == "ungated-bare":
        assert fingerprint(ungated.web.home) != before


def test_a_refusal_is_the_same_for_what_is_there_and_what_is_not(real):
    def told(path, **headers):
        answer = real.web.ask(path=path, **headers)
        return answer.status, answer.body, [one for one in answer.head.splitlines() if not one.startswith("Date")]

    there = told("/", Cookie=None)
    assert there[0] == 404
    assert there == told("/nothing", Cookie=None) == told("/enter/x") == told("/events", Host="evil.example")
    assert there == told(f"/static/{'x' * 20}", Cookie="workdiary=x") == told("/day", Sec_Fetch_Site="cross-site")
