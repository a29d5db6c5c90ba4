"""The units and the image start what there is, and a unit may do no more than it has to."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from orchestration import cli
from orchestration.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "docs" / "deploy"
SERVICES = sorted(FOLDER.glob("*.service"))
UNITS = sorted([*SERVICES, *FOLDER.glob("*.timer"), *FOLDER.glob("*.path")])
MOST_EXPOSED = 15  # tenths


def settings(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", path.read_text(encoding="utf-8"), re.M):
        found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_a_command_that_there_is(path: Path) -> None:
    (command,) = settings(path)["ExecStart"]
    program, name, *options = command.split()
    assert program == "/opt/greenpark/.venv/bin/greenpark"
    known = {option for o in cli.main.commands[name].params for option in o.opts}
    assert {option for option in options if option.startswith("--")} <= known


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_has_a_user_a_place_to_write_and_no_more(path: Path) -> None:
    said = settings(path)
    assert said["User"] == ["greenpark"] and said["ProtectSystem"] == ["strict"]
    assert said["NoNewPrivileges"] == ["yes"] and said["CapabilityBoundingSet"] == [""]
    assert said["IPAddressDeny"] == ["any"]
    assert set(said.get("IPAddressAllow", [])) <= {"localhost"}
    assert "ReadWritePaths" not in said and said["StateDirectory"] == ["greenpark"]


def test_what_starts_a_service_has_one() -> None:
    started = {path.stem for path in UNITS if path.suffix != ".service"}
    assert started == {"greenpark-refresh"}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not there")
def test_systemd_takes_the_units_and_finds_them_closed() -> None:
    for path in UNITS:
        done = subprocess.run(
            ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
        )
        said = [line for line in done.stderr.splitlines() if "is not executable" not in line]
        assert [line for line in said if path.name in line] == []
    for path in SERVICES:
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", path],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-200:]


def test_the_image_installs_by_hash_and_runs_as_nobody_else() -> None:
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    assert text.count("--require-hashes") == 2
    assert re.search(r"^USER greenpark$", text, re.M)
    for name in re.findall(r"^COPY (?!--from)(.+) \./$", text, re.M)[0].split():
        assert (PROJECT_ROOT / name).is_file()
