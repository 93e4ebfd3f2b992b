"""The only room that opens the network: an address to its bytes, guarded and polite.

>>> from quoth.errors import FetchError
>>> try:
...     Fetcher().get("http://[::ffff:127.0.0.1]/")
... except FetchError as error:
...     print(error.reason)
::ffff:127.0.0.1 leads to an IPv4-mapped address, which is not fetched
"""

from quoth.fetching.allowance import Limits
from quoth.fetching.client import AGENT, Fetched, Fetcher, checked_url, status_name
from quoth.fetching.guard import forbidden
from quoth.fetching.pace import retry_after

__all__ = ["AGENT", "Fetched", "Fetcher", "Limits", "checked_url", "forbidden", "retry_after", "status_name"]
