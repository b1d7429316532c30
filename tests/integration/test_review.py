"""A week goes from the freelancer to the client and back, over nothing but files."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def freelancer(make_cli, slots):
    found = make_cli(name="freelancer")
    found("contract", "add", "acme", "--rate", "60", "--currency", "EUR", "--manual")
    found("manual", "add", "acme", "--from", slots, "--for", "60m", "--memo", "<b>on the phone</b>")
    return found


@pytest.fixture
def slots():
    """Return the first of six slots of this week that are over; there are none in the first hour of Monday."""
    now = datetime.now(UTC)
    first = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0) - timedelta(minutes=60)
    if first.isocalendar()[:2] != now.isocalendar()[:2]:
        pytest.skip("the week has begun less than an hour ago")
    return first.strftime("%Y-%m-%dT%H:%MZ")


@pytest.fixture
def client(make_cli):
    return make_cli(name="client")


def week_of(cli):
    return cli.json("week")["contracts"][0]


def test_a_dispute_comes_back_to_the_freelancer_with_its_reasons(freelancer, client, tmp_path):
    export, answer = tmp_path / "week.zip", tmp_path / "answer.review.json"
    freelancer("export", "--out", str(export))
    assert "This record is in order." in client("verify", str(export), "--plain")
    second, fifth = (week_of(freelancer)["segments"][at]["id"] for at in (1, 4))
    made = client.json(
        "review", str(export), "--dispute", second, "--reason", "that was lunch", "--dispute", fifth,
        "--reason", "we did not talk", "--name", "Ada of Acme", "--out", str(answer),
    )  # fmt: skip
    assert (made["verdict"], made["approved_seconds"], made["approved_amount"]) == ("disputed", 2400, 4000)

    taken = freelancer.json("review", "import", str(answer))
    assert (taken["new"], taken["first"], taken["key"]) == (True, True, made["key"])
    assert not freelancer.json("review", "import", str(answer))["new"]
    week = week_of(freelancer)
    said = {one["id"]: one["review"] for one in week["segments"]}
    assert said[second] == "disputed: that was lunch"
    assert said[fifth] == "disputed: we did not talk"
    assert list(said.values()).count("approved") == 4
    assert week["review"]["name"] == "Ada of Acme"
    day = next(one["slot"][:10] for one in week["segments"] if one["id"] == fifth)
    assert "[disputed: we did not talk]" in freelancer("diary", "--date", day)

    freelancer("delete", fifth, "--yes")
    (shown,) = freelancer.json("review", "list")["reviews"]
    assert [one["since"] for one in shown["disputed"]] == ["", "deleted after the review"]
    assert "(deleted after the review)" in freelancer("week")

    again, approved = tmp_path / "again.zip", tmp_path / "approved.review.json"
    freelancer("export", "--out", str(again))
    client("review", str(again), "--approve", "--out", str(approved))
    assert not freelancer.json("review", "import", str(approved))["first"]
    assert week_of(freelancer)["review"]["verdict"] == "approved"
    assert [one["in_force"] for one in freelancer.json("review", "list")["reviews"]] == [True, False]


def test_one_changed_byte_on_the_way_is_named_in_plain_words(freelancer, client, make_cli, tmp_path):
    export, answer = tmp_path / "week.zip", tmp_path / "answer.review.json"
    freelancer("export", "--out", str(export))
    client("review", str(export), "--approve", "--out", str(answer))
    for path, at in ((export, 700), (answer, 300)):
        changed = bytearray(path.read_bytes())
        changed[at] ^= 1
        (tmp_path / f"bad-{path.name}").write_bytes(changed)
    bad = str(tmp_path / "bad-week.zip")
    assert "cannot be read as the export" in client("verify", bad, "--plain", code=3)
    assert "damaged" in client("review", bad, "--approve", "--out", str(tmp_path / "none"), code=3)
    said = freelancer("review", "import", str(tmp_path / "bad-answer.review.json"), code=3)
    assert "the file was changed after it was signed: the signature does not fit" in said

    stranger = make_cli(name="stranger")
    freelancer("review", "import", str(answer))
    stranger("review", str(export), "--approve", "--out", str(tmp_path / "forged.review.json"))
    said = freelancer("review", "import", str(tmp_path / "forged.review.json"), code=1)
    assert "another key" in said
    assert "--accept-key" in said

    other = make_cli(name="other")  # a freelancer who has lost the journal and begun anew
    other("contract", "add", "acme", "--rate", "60", "--currency", "EUR", "--manual")
    assert "another device's diary" in other("review", "import", str(answer), code=1)


def test_mistakes_get_one_clear_message(freelancer, client, tmp_path):
    export = str(tmp_path / "week.zip")
    freelancer("export", "--out", export)
    segment = week_of(freelancer)["segments"][0]["id"]
    exists = tmp_path / "exists"
    exists.write_text("mine")
    for arguments, code, says in (
        ((export, "--approve", "--out", str(exists)), 1, "exists already"),
        ((export,), 2, "approve the week, or name what you dispute"),
        ((export, "--dispute", segment), 2, "needs its reason"),
        ((export, "--dispute", segment, "--reason", ""), 2, "no reason"),
        ((export, "--dispute", "nonsense", "--reason", "x"), 2, "no segment"),
        ((export, "--approve", "--reason", "x"), 2, "a reason without"),
        ((str(tmp_path / "nosuch.zip"), "--approve"), 2, "No such file"),
        (("import", str(tmp_path / "nosuch")), 2, "No such file"),
        (("list", "--week", "soon"), 2, "not a week"),
    ):
        assert says in client("review", *arguments, code=code)
    shutil.copy(export, tmp_path / "export-itself")
    assert "the export itself" in freelancer("review", "import", str(tmp_path / "export-itself"), code=3)
