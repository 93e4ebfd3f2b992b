"""What /openapi.json tells of answers that are none: the one shape of all errors, and when there is which."""

from typing import Any

from pydantic import BaseModel


class ProblemFields(BaseModel):
    """What went wrong."""

    status: int
    title: str
    detail: str
    where: str | None = None


class ProblemShape(BaseModel):
    """The one shape of all errors."""

    error: ProblemFields


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemShape, "description": told}
    for status, told in {
        400: "A parameter or query that cannot be understood, or one that took too long.",
        401: "Nobody is logged in, and no token was sent.",
        403: "Not for this role, or sent from another site.",
        404: "There is no such thing.",
        409: "It does not fit what is in the archive.",
        413: "Too much at once.",
        414: "The address is too long.",
        421: "The room does not go by that name.",
        422: "A text that cannot be read.",
        503: "The archive is busy, or was too slow.",
    }.items()
}
JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}
"""What is answered if all is well."""
