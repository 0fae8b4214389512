"""The order of the stages, without Dagster; assets and commands are thin around it.

fetch → land → parse → normalise → load → resolve → build → publish
"""
