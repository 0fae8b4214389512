"""Run every benchmark, each in a process of its own."""

import subprocess
import sys

codes = [
    subprocess.call([sys.executable, "-m", f"benchmarks.{name}"])
    for name in ("normalise", "main_job", "marts", "scan", "recovery")
]
sys.exit(max(codes))
