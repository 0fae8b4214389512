"""What things cost, as ratios against a floor measured in the same run.

make bench                                        all of them
.venv/bin/python -m benchmarks.main_job           seven days of two vendors
.venv/bin/python -m benchmarks.scan               50,000 contacts and deals of the CRM
.venv/bin/python -m benchmarks.normalise          normalising alone
.venv/bin/python -m benchmarks.marts              every mart, on a million leads
.venv/bin/python -m benchmarks.report             the page of a million leads
.venv/bin/python -m benchmarks.gateway            webhooks and searches beside publishing
"""
