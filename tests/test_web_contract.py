"""What the API answers is what /openapi.json tells: statuses, types and shapes; and nothing that is asked makes it fail."""

from collections.abc import Iterator

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")
pytest.importorskip("schemathesis", reason="needs schemathesis: pip install 'quoth[browser]'")

import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from web_archive import make

from quoth.web.app import create_app

HERE = "http://127.0.0.1:8400"
EXAMPLES = 100
"""Requests of each operation."""
pytestmark = [pytest.mark.nightly, pytest.mark.filterwarnings("default")]
CHECKED = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    app = create_app(make(tmp_path_factory.mktemp("contract") / "quoth.db"), reviewer="Test")
    yield app
    app.state.room.close()


def test_every_answer_is_as_it_is_told(room: FastAPI) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", room, headers={"host": "127.0.0.1"})
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 15
    for operation in operations:

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(base_url=HERE, headers={"origin": HERE}, checks=CHECKED)

        check()
