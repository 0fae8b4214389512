from lead_pipeline_tests.normalise.conftest import session

__all__ = ["session"]
