"""All planted faults."""

from lead_pipeline_tests.mutations.asking import ASKING
from lead_pipeline_tests.mutations.keeping import KEEPING
from lead_pipeline_tests.mutations.loading import LOADING
from lead_pipeline_tests.mutations.pushing import PUSHING
from lead_pipeline_tests.mutations.reading import READING
from lead_pipeline_tests.mutations.reporting import REPORTING
from lead_pipeline_tests.mutations.scanning import SCANNING

MUTATIONS = (*ASKING, *READING, *KEEPING, *LOADING, *SCANNING, *PUSHING, *REPORTING)
