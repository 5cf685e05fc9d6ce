"""How many instructions each step takes: `python benchmarks/instructions.py` prints JSON (step, records, instructions).

valgrind's callgrind counts them, which no other process on the machine disturbs. One thread, a small file; start and
first batch are not counted. Machine code is compiled for a plain processor, so that valgrind knows every instruction.
Needs valgrind and a C compiler; without them it prints an empty list and says so.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORDS = 40_960
PLAIN = {
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "+avx2,+bmi,+bmi2,+fma,+popcnt,+lzcnt,+movbe",
    "POLARS_MAX_THREADS": "1",
    "ARROW_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": str(HERE.parent),
}
SWITCH = """#include <valgrind/callgrind.h>
void begin(void) { CALLGRIND_START_INSTRUMENTATION; CALLGRIND_DUMP_STATS_AT("between"); }
void end(const char *step) { CALLGRIND_DUMP_STATS_AT(step); }
"""
"""A dump holds what was counted since the one before."""


def counted(folder: Path) -> list[tuple[str, int, int]]:
    """Run the steps under valgrind."""
    source, library, file = folder / "switch.c", folder / "switch.so", folder / "PERSON.DAT"
    source.write_text(SWITCH)
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    maker = [
        sys.executable,
        str(HERE / "records.py"),
        "--records",
        str(2 * RECORDS),
        "--into",
        str(file),
    ]
    subprocess.run(maker, check=True)
    steps = [sys.executable, str(HERE / "counted_steps.py"), str(library), str(file), str(RECORDS)]
    environment = os.environ | PLAIN
    subprocess.run(
        steps, env=environment, check=True
    )  # compiles, so that valgrind need not watch it
    out = folder / "callgrind"
    valgrind = [
        "valgrind",
        "-q",
        "--tool=callgrind",
        "--instr-atstart=no",
        f"--callgrind-out-file={out}",
    ]
    subprocess.run([*valgrind, *steps], env=environment, check=True, stdout=subprocess.DEVNULL)
    found = []
    for path in sorted(folder.glob("callgrind.*"), key=lambda p: int(p.suffix[1:])):
        text = path.read_text(errors="replace")
        step = re.search(r"desc: Trigger: Client Request: (.*)", text)
        total = re.search(r"(?:summary|totals): (\d+)", text)
        if step and total and step[1] != "between":
            found.append((step[1], RECORDS, int(total[1])))
    return found


def main() -> None:
    lacking = [tool for tool in ("valgrind", "cc") if not shutil.which(tool)]
    if lacking:
        print(f"instructions are not counted: no {' and no '.join(lacking)}", file=sys.stderr)
        print("[]")
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(counted(Path(folder))))


if __name__ == "__main__":
    main()
