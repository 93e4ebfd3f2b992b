"""Measures the extraction on sets of marked reports and holds it to floors that only rise; nothing imports it."""
