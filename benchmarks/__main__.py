"""Run every benchmark."""

import runpy

for name in ("normalise", "main_job"):
    runpy.run_module(f"benchmarks.{name}", run_name="__main__")
