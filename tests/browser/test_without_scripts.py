"""The same flows in a browser that runs no scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from rooms import enter, keep_text


@pytest.fixture(scope="module")
def expect(browser: Any) -> Callable[..., Any]:
    from playwright.sync_api import expect

    return expect


def test_a_search_is_narrowed_by_links_and_forms(bare: Any, expect: Callable[..., Any]) -> None:
    bare.goto("/")
    bare.locator("#q").fill("fish")
    bare.get_by_role("button", name="Search").click()
    expect(bare.locator(".hit .found")).to_have_text(["fish"] * 3)
    assert not bare.get_by_text("drag to choose a time").is_visible()
    bare.locator(".facet a").first.click()
    expect(bare.locator(".chosen a")).to_have_count(1)
    bare.get_by_label("From").fill("2024-01-01")
    bare.get_by_label("To", exact=True).fill("2025-12-31")
    bare.get_by_role("button", name="Narrow").click()
    expect(bare.locator(".chosen a")).to_have_count(3)
    bare.goto("/search")
    bare.locator(".histogram .bar").nth(1).click(force=True)
    expect(bare).to_have_url(re.compile("since="))
    bare.get_by_text("Keep as an alert").click()
    bare.get_by_label("Name").fill("bare")
    bare.get_by_role("button", name="Keep").click()
    expect(bare.get_by_text("bare").first).to_be_visible()


def test_a_link_to_a_statement_opens_at_the_words(bare: Any, expect: Callable[..., Any]) -> None:
    bare.goto("/search?q=fish")
    bare.locator(".hit .meta a").first.click()
    expect(bare).to_have_url(re.compile("#s-"))
    expect(bare.locator(".n:target")).to_be_in_viewport()


def test_reading_a_text_and_reviewing_it(bare: Any, expect: Callable[..., Any]) -> None:
    keep_text(bare, '"We are ready," Ada Byron said on Monday. <script>alert(1)</script>')
    expect(bare.locator(".text .content").first).to_have_text('"We are ready,"')
    bare.locator(".note .facts a", has_text="open").first.click()
    bare.get_by_role("link", name="Review it").click()
    row = bare.locator('.verdicts [name="row"]').get_attribute("value")
    bare.get_by_role("button", name="Reject").click()
    expect(bare.locator(".last")).to_contain_text("You rejected it")
    bare.locator(".last button").click()
    expect(bare).to_have_url(re.compile(rf"/review\?row={row}$"))
    bare.locator("#words").fill("We are ready")
    bare.get_by_role("button", name="Set words").click()
    expect(bare.locator(".last")).to_contain_text("set the words to “We are ready”")
    bare.goto(f"/review?row={row}")
    bare.locator("#who").fill("")
    bare.locator("#who").press("Enter")
    expect(bare.locator(".last")).to_contain_text("nobody can know the speaker")
    bare.goto(f"/statement/{row}")
    expect(bare.locator(".history li")).to_have_count(4)


def test_reading_a_file(bare: Any, expect: Callable[..., Any]) -> None:
    bare.goto("/read")
    page = (
        b"<html><title>At sea</title><article><p>It blew. The sea was high all day long, and no ship sailed.</p>"
        b'<p>"We sail," said Ama Osei.</p></article>'
    )
    bare.locator("#file").set_input_files({"name": "a.html", "mimeType": "text/html", "buffer": page})
    bare.get_by_role("button", name="Read it").click()
    expect(bare.locator(".text .content").first).to_have_text('"We sail,"')


def test_who_is_who(bare: Any, expect: Callable[..., Any]) -> None:
    bare.goto("/person/quill")
    bare.get_by_text("Say who this is").click()
    bare.get_by_label("Called").fill("Teo Quill")
    bare.get_by_role("button", name="Rename").click()
    expect(bare.locator("h1")).to_have_text("Teo Quill")
    bare.goto("/people/changes")
    bare.get_by_role("button", name="Take back").first.click()
    bare.goto("/person/quill")
    expect(bare.locator("h1")).to_have_text("Teodor Quill")


def test_logging_in(opened: Callable[..., Any], guarded: str, expect: Callable[..., Any]) -> None:
    page = opened(guarded, java_script_enabled=False)
    page.goto("/search?q=fish")
    enter(page, "Rev")
    page.goto("/review")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".last")).to_have_count(1)
