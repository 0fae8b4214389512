"""The gateway: webhooks in, look-ups out."""
