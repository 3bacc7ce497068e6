"""Everything there is to test, part by part: `.venv/bin/python -m tests.run [part …]` (`make test` runs all).

A part that cannot run on this machine is named as skipped, with what would enable it; with CI=true that is a failure.
Results stand in a table at the end, and the last line is `N passed, N failed` over all parts.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.chromium import chromium
from tests.plugins import TEMPLATES
from tests.plugins.cluster import ClusterUnavailable, binaries

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "test-results"
LONGEST_PART = 50 * 60  # seconds, more than twice what the longest takes on two cores; what takes longer hangs

IN_PROCESS = "not race and not survival and not browser"
#: What brings its own SQLite says the same whatever this run's database is: once, as a part of its own, is enough.
ON_POSTGRESQL = f"{IN_PROCESS} and not own_database"
LEAST_COVERAGE = 95.0  # percent, of branches alone and of lines and branches together
#: Modules in which every branch is tested: what is decided, what is changed, who may.
WHOLLY_COVERED = ("rules", "actions", "permissions")


@dataclass(frozen=True)
class Outcome:
    """What became of a part: tests counted, and a sentence where there is something to say."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Part:
    """One part: its name, its database, how to run it, and why it cannot run here (an empty text if it can)."""

    name: str
    database: str
    run: Callable[["Part"], Outcome]
    hindrance: Callable[[], str]
    marks: str = ""
    workers: int = 0
    measured: bool = False


def nothing() -> str:
    """No hindrance: this part runs everywhere."""
    return ""


def no_postgresql() -> str:
    """Why PostgreSQL cannot be started, or an empty text."""
    try:
        binaries()
    except ClusterUnavailable as error:
        return str(error)
    return ""


def no_chromium() -> str:
    """Why no browser can be driven, or an empty text."""
    return "" if chromium() else "no Chromium found; apt-get install chromium, or set CHROMIUM=/path"


def no_chromium_or_postgresql() -> str:
    """Why a journey on PostgreSQL cannot run, or an empty text."""
    return no_chromium() or no_postgresql()


def call(command: list[str], environment: dict[str, str]) -> int:
    """Run a command and return its exit status; what hangs is ended, with everything it started."""
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, start_new_session=True)
    try:
        return process.wait(LONGEST_PART)
    except subprocess.TimeoutExpired:
        print(f"ended after {LONGEST_PART} seconds: {' '.join(command)}", flush=True)
        return 124
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def run_lint(_part: Part) -> Outcome:
    """Every check that reads the code instead of running it."""
    status = call(["bash", ".ci/lint.sh"], {})
    return Outcome(passed=1) if status == 0 else Outcome(failed=1, remark="see the output above")


def run_pytest(part: Part) -> Outcome:
    """The tests with the part's marks on the part's database. Collecting none is a failure: a filter has gone wrong."""
    report = RESULTS / f"{part.name}-{part.database}.xml"
    report.unlink(missing_ok=True)
    python = [sys.executable]
    environment = {"S2S_TEST_DATABASE": part.database}
    if part.measured:
        # Not pytest-cov: under xdist it starts after Django has loaded the models, whose lines would count as missed.
        python += ["-m", "coverage", "run", "--parallel-mode"]
        environment["COVERAGE_FILE"] = str(RESULTS / "coverage" / f".coverage.{part.database}")
    command = [*python, "-m", "pytest", "-q", "-m", part.marks, f"--junitxml={report}"]
    if part.workers:
        # A file's tests stay together: what they share is made once. In order: the long ones begin early.
        command += ["-n", str(part.workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    status = call(command, environment)
    counted = counts(report)
    if status == 5:
        return Outcome(failed=1, remark="no test was collected")
    if status and not counted.failed:
        return Outcome(counted.passed, 1, counted.skipped, f"pytest ended with status {status}")
    return counted


def counts(report: Path) -> Outcome:
    """The numbers in a JUnit report; an errored test counts as failed."""
    if not report.exists():
        return Outcome()
    suite = ElementTree.parse(report).getroot().find("testsuite")
    total, failures, errors, skipped = (int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped"))
    return Outcome(passed=total - failures - errors - skipped, failed=failures + errors, skipped=skipped)


def run_coverage(_part: Part) -> Outcome:
    """Branch coverage of the in-process parts together: enough of all, and all of what decides."""
    directory = RESULTS / "coverage"
    environment = {"COVERAGE_FILE": str(directory / ".coverage")}
    parts = [str(path) for path in directory.glob(".coverage.*")]
    if not parts:
        return Outcome(failed=1, remark="no in-process part has run")
    report = RESULTS / "coverage.json"
    coverage = [sys.executable, "-m", "coverage"]
    call([*coverage, "combine", "-q", *parts], environment)
    call([*coverage, "json", "-q", "-o", str(report)], environment)
    call([*coverage, "report"], environment)
    faults = coverage_faults(json.loads(report.read_text()))
    for fault in faults:
        print(f"coverage: {fault}")
    return Outcome(failed=1, remark="; ".join(faults[:3])) if faults else Outcome(passed=1)


def coverage_faults(report: dict) -> list[str]:
    """What is wrong with a coverage report (the JSON that coverage.py writes), one sentence each."""
    total = report["totals"]
    faults = []
    branches = 100.0 * total["covered_branches"] / max(total["num_branches"], 1)
    for what, percent in {"branch coverage": branches, "coverage": total["percent_covered"]}.items():
        if percent < LEAST_COVERAGE:
            faults.append(f"{what} is {percent:.1f} %, below {LEAST_COVERAGE:.0f} %")
    seen = set()
    for name, file in report["files"].items():
        kinds = {part.removesuffix(".py") for part in Path(name).parts} & set(WHOLLY_COVERED)
        seen |= kinds
        missed = file["summary"]["missing_lines"] + file["summary"]["missing_branches"]
        if kinds and missed:
            faults.append(f"{name} is not wholly covered: {missed} lines or branches, {file['missing_lines']}")
    faults += [f"no module called {kind} was measured" for kind in WHOLLY_COVERED if kind not in seen]
    return faults


PARTS = [
    Part("lint", "-", run_lint, nothing),
    Part("suite", "postgresql", run_pytest, no_postgresql, ON_POSTGRESQL, workers=2, measured=True),
    # Measuring takes a third of the time, and these have been measured on PostgreSQL.
    Part("suite", "sqlite", run_pytest, nothing, f"sqlite and not own_database and {IN_PROCESS}", workers=2),
    Part("own", "sqlite", run_pytest, nothing, f"own_database and {IN_PROCESS}", workers=2, measured=True),
    Part("coverage", "-", run_coverage, nothing),
    Part("races", "postgresql", run_pytest, no_postgresql, "race"),
    Part("races", "sqlite", run_pytest, nothing, "race"),
    Part("survival", "postgresql", run_pytest, no_postgresql, "survival"),
    Part("survival", "sqlite", run_pytest, nothing, "survival and sqlite"),
    Part("browser", "postgresql", run_pytest, no_chromium_or_postgresql, "browser"),
    Part("browser", "sqlite", run_pytest, no_chromium, "browser and smoke"),
]


def attempt(part: Part) -> tuple[Outcome, float]:
    """Run a part, or say why not; with its seconds."""
    started = time.monotonic()
    hindrance = part.hindrance()
    if hindrance:
        print(f"\nskipped: {part.name} ({part.database}) – {hindrance}", flush=True)
        failed = 1 if os.environ.get("CI") == "true" else 0
        return Outcome(failed=failed, remark=f"skipped: {hindrance}"), 0.0
    print(f"\n=== {part.name} ({part.database}) ===", flush=True)
    return part.run(part), time.monotonic() - started


def table(rows: list[tuple[Part, Outcome, float]]) -> str:
    """The results, one line for each part."""
    lines = [f"{'part':<10}{'database':<12}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}"]
    for part, outcome, seconds in rows:
        lines.append(
            f"{part.name:<10}{part.database:<12}{outcome.passed:>8}{outcome.failed:>8}"
            f"{outcome.skipped:>9}{seconds:>9.0f}  {outcome.remark}".rstrip()
        )
    return "\n".join(lines)


def main(names: list[str]) -> int:
    """Run the named parts (all without a name); 0 if nothing failed. `suite-sqlite` names one of several."""
    known = {part.name for part in PARTS} | {f"{part.name}-{part.database}" for part in PARTS if part.database != "-"}
    unknown = sorted(set(names) - known)
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are: {', '.join(sorted(known))}")
        return 2
    (RESULTS / "coverage").mkdir(parents=True, exist_ok=True)
    chosen = [part for part in PARTS if not names or {part.name, f"{part.name}-{part.database}"} & set(names)]
    if any(part.measured for part in chosen):
        for old in (RESULTS / "coverage").glob(".coverage*"):
            old.unlink()
    with tempfile.TemporaryDirectory(prefix="s2s-templates-") as templates:
        os.environ[TEMPLATES] = templates  # each database is migrated once in this run
        rows = [(part, *attempt(part)) for part in chosen]
    passed = sum(outcome.passed for _part, outcome, _seconds in rows)
    failed = sum(outcome.failed for _part, outcome, _seconds in rows)
    print(f"\n{table(rows)}\n\n{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def _interrupt(*_arguments: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)  # so that the part that is running is ended too
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
