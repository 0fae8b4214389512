"""Phone, e-mail, name, address and country of staged leads, to the common lead schema.

Set-based SQL decides the common shapes; the phonenumbers library decides what they leave open.
`placeholders.csv`, `email_typos.csv`, `countries.csv` and `regions.csv` are meant to be read and
extended by hand.
"""

from lead_pipeline.normalise.leads import normalise_leads
from lead_pipeline.normalise.reference import install

__all__ = ["install", "normalise_leads"]
