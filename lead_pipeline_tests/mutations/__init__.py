"""Faults that a careless change would make, and the tests that must see each of them.

python -m lead_pipeline_tests.mutations          all of them
python -m lead_pipeline_tests.mutations RETRY    those with a word in their name
"""
