"""The pages, one file each; every page is a `View`, which its twins give as JSON and CSV."""

from quoth.web.pages import (
    alerts,
    conflicts,
    entering,
    feeds,
    home,
    person,
    reading,
    report,
    reports,
    reviewing,
    search,
    statement,
    statistics,
    who_is_who,
)

ROUTERS = (
    home.router,
    search.router,
    feeds.router,
    reports.router,
    report.router,
    person.router,
    who_is_who.router,
    statement.router,
    conflicts.router,
    statistics.router,
    reading.router,
    reviewing.router,
    alerts.router,
    entering.router,
)
"""The routers of all pages."""
