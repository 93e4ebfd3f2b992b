"""The pages, one file each; every page is a `View`, which its twins give as JSON and CSV."""

from quoth.web.pages import (
    alerts,
    conflicts,
    entering,
    home,
    person,
    reading,
    report,
    reports,
    reviewing,
    search,
    statement,
    statistics,
)

ROUTERS = (
    home.router,
    search.router,
    reports.router,
    report.router,
    person.router,
    statement.router,
    conflicts.router,
    statistics.router,
    reading.router,
    reviewing.router,
    alerts.router,
    entering.router,
)
"""The routers of all pages."""
