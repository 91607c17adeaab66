"""Whether each of two million requests of all shapes is accounted for, through servers that refuse, stall, reset, truncate and lie."""

import json
import subprocess
import sys

from common import harness


def main():
    options = harness.options(__doc__, {"turns": 12000}, turns=1_700_000, seed=1, lanes=96, wait=10)
    arguments = [f"--{name}={getattr(options, name)}" for name in ("turns", "seed", "lanes", "wait")]
    command = [options.program, *(part for argument in arguments for part in argument.split("="))]
    run = subprocess.run(command, stdout=subprocess.PIPE, preexec_fn=harness.end_with_parent, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"the soak ended with {run.returncode}")
    soaked = json.loads(run.stdout)
    for fault in soaked["faults"]:
        print("fault:", fault)
    for outcome, count in sorted(soaked["outcomes"].items()):
        print(f"outcome: {outcome}: {count}")
    case = f"seed {options.seed}, {options.lanes} clients"
    harness.report("soak", [
        harness.row(case, figure["figure"], figure["value"], figure.get("most")) for figure in soaked["figures"]])


main()
