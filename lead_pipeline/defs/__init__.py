"""The accounts, one YAML each, and what comes after them."""
