"""`python -m lead_pipeline.cli` is `lead-pipeline`."""

from lead_pipeline.cli.main import main

main()
