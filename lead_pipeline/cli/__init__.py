"""The command `lead-pipeline`.

Exit codes: 0 all well; 1 something is missing or refused, and the message says what; 2 the command
or a setting is wrong, and nothing was done.
"""

from lead_pipeline.cli.main import main

__all__ = ["main"]
