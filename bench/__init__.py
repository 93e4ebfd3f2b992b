"""Speed and memory of the extraction, measured beside spaCy's small English pipeline; nothing imports it."""
