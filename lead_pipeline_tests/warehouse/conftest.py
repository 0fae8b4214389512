from lead_pipeline_tests.warehouse.fixtures import made_once, session, warehouse

__all__ = ["made_once", "session", "warehouse"]
