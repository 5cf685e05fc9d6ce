"""Garbage for everything that reads, for as long as you like: `python benchmarks/fuzz.py TARGET --minutes 10 [--seed N]`.

With NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=FOLDER and --patience 300 compiled code looks at every index.

Damages sound files by a seeded generator and insists on what must hold whatever the bytes are (tests/fuzzing/). A case
that fails is made smaller and kept in --into (its bytes, its seed, what was raised): add it to tests/test_fuzzed.py.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("POLARS_MAX_THREADS", "1")  # small frames: threads cost more than they give
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "samples")]

from fuzzing import targets  # noqa: E402
from fuzzing.mutated import mutated, zipped  # noqa: E402

if TYPE_CHECKING:
    from fuzzing.target import Seed, Target

PATIENCE = 20
"""Seconds that a case may take."""


class HangError(Exception):
    """A case took too long."""


class Failure(NamedTuple):
    """What a case that failed raised, and where: cases that fail alike are one."""

    kind: str
    place: str
    text: str


def attempt(
    target: Target, seed: Seed, data: bytes, folder: Path, patience: int = PATIENCE
) -> str | Failure:
    """What became of a case."""
    signal.setitimer(signal.ITIMER_REAL, patience)
    faulthandler.dump_traceback_later(3 * patience, exit=True)
    try:
        return target.run(seed, data, folder)
    except Exception as error:  # noqa: BLE001 - whatever slips through is what we look for
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if "migrate/" in f.filename or "fuzzing/" in f.filename] or frames
        place = f"{Path(ours[-1].filename).name}:{ours[-1].name}"
        if type(error).__name__ == "BrokenError":
            place += f" {''.join(c for c in str(error) if not c.isdigit())[:60]}"
        return Failure(
            type(error).__name__, place, "".join(traceback.format_exception(error)[-12:])
        )
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()


def smaller(target: Target, seed: Seed, data: bytes, failure: Failure, folder: Path) -> bytes:
    """The data without stretches that the failure does not need, within 15 seconds."""
    until = time.monotonic() + 15
    size = len(data) // 2
    while size and time.monotonic() < until:
        at = 0
        while at < len(data) and time.monotonic() < until:
            less = data[:at] + data[at + size :]
            found = attempt(target, seed, less, folder)
            if isinstance(found, Failure) and found[:2] == failure[:2]:
                data = less
            else:
                at += size
        size //= 2
    return data


def keep(asked: argparse.Namespace, number: int, seed: Seed, found: Failure, data: bytes) -> None:
    """Write a case that failed down."""
    path = asked.into / f"{asked.target}-{asked.seed}-{number}"
    path.with_suffix(".bin").write_bytes(data)
    facts = {
        "target": asked.target,
        "seed": asked.seed,
        "case": number,
        "file": seed.name,
        **found._asdict(),
    }
    path.with_suffix(".json").write_text(json.dumps(facts, ensure_ascii=False, indent=1), "utf-8")
    print(f"{path.name} ({seed.name}, {len(data)} bytes): {found.kind} {found.place}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(targets.TARGETS))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--patience",
        type=int,
        default=PATIENCE,
        help="seconds that a case may take (more where it compiles)",
    )
    parser.add_argument("--into", type=Path, default=Path("fuzzed"))
    asked = parser.parse_args()

    def hang(*_: object) -> None:
        raise HangError

    signal.signal(signal.SIGALRM, hang)
    faulthandler.enable()
    kinds: Counter[str] = Counter()
    failures: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "seeds").mkdir()
        (folder / "case").mkdir()
        target = targets.TARGETS[asked.target](folder / "seeds")
        until = time.monotonic() + 60
        for seed in (
            s for s in {s.name: s for s in target.seeds}.values() if time.monotonic() < until
        ):
            found = attempt(target, seed, seed.data, folder / "case", 300)
            kinds[f"sound: {found if isinstance(found, str) else found[:2]}"] += 1
            if isinstance(found, Failure):
                print(seed.name, found.text, flush=True)
        begun, number = time.monotonic(), 0
        others = [s.data for s in target.seeds]
        asked.into.mkdir(parents=True, exist_ok=True)
        current = asked.into / f"{asked.target}.current.{os.getpid()}"
        while time.monotonic() < begun + 60 * asked.minutes:
            number += 1
            rng = random.Random(f"{asked.target} {asked.seed} {number}")
            seed = rng.choice(target.seeds)
            data = (zipped if target.members else mutated)(rng, seed.data, others, target.words)
            current.write_bytes(
                seed.name.encode() + b"\n" + data
            )  # found there, should the process itself die
            found = attempt(target, seed, data, folder / "case", asked.patience)
            if isinstance(found, str):
                kinds[found] += 1
                continue
            kinds["FAILED"] += 1
            failures[found[:2]] += 1
            if failures[found[:2]] == 1:
                keep(
                    asked, number, seed, found, smaller(target, seed, data, found, folder / "case")
                )
        current.unlink()
    seconds = time.monotonic() - begun
    print(
        f"\n{asked.target}: {number:,} cases in {seconds:.0f} s, {number / seconds:.1f} a second, seed {asked.seed}"
    )
    for kind, count in (
        kinds + Counter({" ".join(k): n for k, n in failures.items()})
    ).most_common():
        print(f"{count:9,}  {kind}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
