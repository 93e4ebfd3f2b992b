"""The reading room: pages and an API over an archive, for browsers and programs. It needs the extra `web`.

`app.create_app` makes the application that `quoth serve` runs.
"""
