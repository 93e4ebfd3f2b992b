"""What readers and reviewers do, in a real browser with scripts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rooms import enter, keep_text

EMOJI = 'The 🎺🎺 band has left. "We sail 🦭 at dawn," said Ama Osei of Harl.'


@pytest.fixture(scope="module")
def expect(browser: Any) -> Callable[..., Any]:
    from playwright.sync_api import expect

    return expect


def middle(locator: Any, x: float = 0.5, y: float = 0.5) -> tuple[float, float]:
    """A point of an element, as shares of its width and height."""
    box = locator.bounding_box()
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def drag(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    page.mouse.move(*end)
    page.mouse.up()


def place_of(page: Any, words: str) -> tuple[float, float, float]:
    """Where words stand on the screen: the left, the right and the middle of their line."""
    found: list[float] = page.evaluate(
        """(words) => {
            const walker = document.createTreeWalker(document.getElementById("passage"), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const place = node.data.indexOf(words);
                if (place < 0) continue;
                const range = document.createRange();
                range.setStart(node, place);
                range.setEnd(node, place + words.length);
                const box = range.getBoundingClientRect();
                return [box.left, box.right, (box.top + box.bottom) / 2];
            }
        }""",
        words,
    )
    left, right, line = found
    return left, right, line


def test_results_come_as_one_types(page: Any, expect: Callable[..., Any]) -> None:
    page.goto("/search")
    page.locator("#q").press_sequentially("fish")
    page.wait_for_url("**/search?q=fish")
    expect(page.locator(".hit")).to_have_count(3)
    assert page.locator(".hit .found").all_inner_texts() == ["fish"] * 3
    assert page.title() == "fish – search"


def test_a_search_is_narrowed_sorted_shared_and_kept(page: Any, expect: Callable[..., Any]) -> None:
    page.goto("/search")
    page.locator(".facet", has_text="Words").get_by_role("link", name="in quotation marks", exact=True).click()
    expect(page.locator(".chosen")).to_contain_text("in quotation marks")
    page.get_by_role("link", name="Oldest").click()
    days = page.locator(".hit time").evaluate_all("times => times.map((time) => time.dateTime)")
    assert days == sorted(days)
    assert page.url.endswith("/search?kind=direct&sort=oldest")
    page.get_by_text("Keep as an alert").click()
    page.get_by_label("Name").fill("in-marks")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".history")).to_contain_text("in-marks")
    feed = page.request.get(page.get_by_role("link", name="Atom of in-marks").get_attribute("href"))
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert "<entry>" in feed.text()
    assert page.request.get(page.get_by_role("link", name="JSON Feed of in-marks").get_attribute("href")).json()["items"]
    page.get_by_role("button", name="Remove in-marks").click()
    expect(page.locator(".empty")).to_contain_text("No search is kept yet")


@pytest.mark.parametrize("where", ["/search", "/person/quill", "/statistics"])
def test_a_time_is_chosen_by_dragging(page: Any, where: str) -> None:
    page.goto(where)
    bars = page.locator(".histogram")
    drag(page, middle(bars, 0.01), middle(bars, 0.5))
    page.wait_for_url("**since=*")
    assert page.url.count("until=") == 1
    assert page.locator(".chosen a").filter(has_text=re.compile("^(from|to) ")).count() == 2


def test_a_time_is_chosen_by_a_finger(opened: Callable[..., Any], address: str) -> None:
    page = opened(address, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    page.goto("/search")
    session = page.context.new_cdp_session(page)
    page.locator(".histogram").scroll_into_view_if_needed()
    (x, y), (to, _) = middle(page.locator(".histogram"), 0.1), middle(page.locator(".histogram"), 0.7)
    for kind, at in (("touchStart", x), ("touchMove", x + 20), ("touchMove", (x + to) / 2), ("touchMove", to)):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_url("**since=*")


def test_a_time_is_chosen_by_keys(page: Any, expect: Callable[..., Any]) -> None:
    page.goto("/search")
    last = page.locator(".histogram .bar").last
    last.focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".histogram .bar[tabindex='0']").count() == 1
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".histogram .dragged")).to_have_count(4)
    expect(page.locator("[data-told]")).to_contain_text("–")
    page.keyboard.press("Enter")
    page.wait_for_url("**since=*")


def test_a_bar_that_is_only_pressed_is_a_link(page: Any) -> None:
    page.goto("/search")
    page.locator(".histogram .bar .zone").nth(3).click()
    page.wait_for_url("**since=*")


@pytest.mark.parametrize("how", ["hover", "focus"])
def test_source_cue_words_and_note_shine_together(page: Any, how: str) -> None:
    page.goto("/report/8")
    if how == "hover":
        page.locator(".text .source").first.hover()
        number = page.locator(".text .source").first.get_attribute("data-s").split()[0]
    else:
        page.locator(".text .n").first.focus()
        number = page.locator(".text .n").first.get_attribute("data-s")
    tied = page.locator(f'[data-s~="{number}"]')
    assert tied.count() >= 3
    assert all("on" in (tied.nth(place).get_attribute("class") or "").split() for place in range(tied.count()))
    page.evaluate("document.activeElement.blur()") if how == "focus" else page.mouse.move(0, 0)
    assert page.locator(f'.content.on[data-s="{number}"]').count() == 0


def test_copying(page: Any, expect: Callable[..., Any]) -> None:
    page.goto("/statement/3")
    for name, selector in (("Copy citation", "#citation"), ("Copy words", "#words")):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name="Copied")).to_have_count(1)
        assert page.evaluate("navigator.clipboard.readText()") == page.locator(selector).inner_text()
        expect(page.get_by_role("button", name=name)).to_have_count(1)
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("[data-copy-link]")).to_have_text("Copied")
    assert re.search("^http://127.*/statement/[0-9a-f]+$", page.evaluate("navigator.clipboard.readText()"))


def press(page: Any, key: str) -> None:
    """A key on a page whose scripts have run: the words of a page can be seen before."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def test_reviewing_by_keys(page: Any, expect: Callable[..., Any]) -> None:
    page.goto("/review")
    seen = []
    for key, told in (("a", "You accepted it as it stands."), ("r", "You rejected it"), ("n", "You said that it was")):
        seen.append(page.locator('.verdicts [name="row"]').get_attribute("value"))
        press(page, key)
        expect(page.locator(".last")).to_contain_text(told)
    assert len(set(seen)) == 3
    press(page, "u")
    page.wait_for_url(f"**/review?row={seen[-1]}")
    press(page, "s")
    page.wait_for_url("**/review?skip=*")
    expect(page.locator(".bar")).to_contain_text("2 by you today")
    press(page, "f")
    page.keyboard.type("Somebody Else")
    press(page, "Enter")
    page.wait_for_url("**/review?*done=*")
    expect(page.locator(".last")).to_contain_text("set the speaker to Somebody Else")
    press(page, "e")
    assert page.evaluate("document.activeElement.id") == "words"
    press(page, "a")
    press(page, "Escape")
    assert page.evaluate("document.activeElement.id") != "words"


@pytest.fixture
def words(page: Any, expect: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    """The review of a statement behind characters that take two units of UTF-16; each test has a report of its own."""
    keep_text(page, f"{EMOJI} Nobody asked about {request.node.name}.")
    page.locator(".note .facts a", has_text="open").first.click()
    page.get_by_role("link", name="Review it").click()
    expect(page.locator(".edge")).to_have_count(2)
    return page


def spans(page: Any) -> str:
    """The words that are chosen, as the archive would cut them."""
    start, _, end = page.locator('[name="spans"]').input_value().partition("-")
    return EMOJI[int(start) : int(end)]


def test_edges_are_dragged_behind_an_emoji(words: Any, expect: Callable[..., Any]) -> None:
    start, end = words.locator(".edge.start"), words.locator(".edge.end")
    _, right, line = place_of(words, "sail")
    drag(words, middle(end, 0.1), (right + 2, line))
    assert spans(words) == '"We sail'
    left, _, line = place_of(words, "sail")
    drag(words, middle(start, 0.9), (left, line))
    assert spans(words) == "sail"
    _, right, line = place_of(words, "🦭 at")
    drag(words, middle(end, 0.1), (right, line))
    assert spans(words) == "sail 🦭 at"
    left, _, line = place_of(words, "said")
    drag(words, middle(start, 0.9), (left, line))  # no further than the other edge
    assert spans(words).endswith("at")
    expect(words.locator("#words")).to_have_value(spans(words))
    words.get_by_role("button", name="Set words").click()
    words.wait_for_url("**/review?done=*")
    expect(words.locator(".last")).to_contain_text("set the words to")


def test_edges_are_moved_by_keys(words: Any) -> None:
    words.locator(".edge.end").focus()
    words.keyboard.press("ArrowLeft")
    assert spans(words) == '"We sail 🦭 at dawn,'
    words.keyboard.press("ArrowLeft")
    words.keyboard.press("ArrowLeft")
    assert spans(words) == '"We sail 🦭 at'
    assert words.locator(".edge.end").get_attribute("aria-valuetext") == "to at"
    words.locator(".edge.start").focus()
    words.keyboard.press("ArrowRight")
    assert spans(words) == "We sail 🦭 at"
    words.locator(".review h1").click()
    for key, chosen in (("]", 'We sail 🦭 at dawn,"'), ("[", "We sail 🦭 at"), ("}", "sail 🦭 at"), ("{", '"We sail 🦭 at')):
        words.keyboard.press(key)
        assert spans(words) == chosen


def test_edges_are_dragged_by_a_finger(opened: Callable[..., Any], address: str, expect: Callable[..., Any]) -> None:
    page = opened(address, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    keep_text(page, f"{EMOJI} Nobody pointed a finger.")
    page.locator(".note .facts a", has_text="open").first.click()
    page.get_by_role("link", name="Review it").click()
    expect(page.locator(".edge")).to_have_count(2)
    page.locator("#passage").scroll_into_view_if_needed()
    session = page.context.new_cdp_session(page)
    (x, y), (_, right, line) = middle(page.locator(".edge.end"), 0.5, 0.6), place_of(page, "sail")
    left, top = page.locator(".edge.end").bounding_box()["x"], middle(page.locator(".edge.end"))[1]
    to = (right + x - left, line + y - top)
    for kind, point in (("touchStart", (x, y)), ("touchMove", (x - 5, y)), ("touchMove", to)):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": point[0], "y": point[1]}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert spans(page) == '"We sail'


def test_words_are_chosen_by_selecting_them(words: Any, expect: Callable[..., Any]) -> None:
    left, _, line = place_of(words, "sail")
    _, right, _ = place_of(words, "🦭 at")
    words.evaluate("document.querySelectorAll('.edge').forEach((edge) => { edge.hidden = true; })")
    drag(words, (left + 1, line), (right, line))
    expect(words.locator("#words")).to_have_value("sail 🦭 at")
    assert spans(words) == "sail 🦭 at"


def test_words_that_are_typed_count_as_typed(words: Any) -> None:
    words.locator(".edge.end").focus()
    words.keyboard.press("ArrowLeft")
    words.locator("#words").fill("at dawn")
    assert words.locator('[name="spans"]').input_value() == ""
    words.get_by_role("button", name="Set words").click()
    words.wait_for_url("**/review?done=*")


def test_a_text_is_read_at_once(page: Any, expect: Callable[..., Any]) -> None:
    page.goto("/read")
    page.locator("#text").fill('"We are ready," Ada Byron said on Monday. Bo Lind declined to say why.')
    began = page.evaluate("performance.timeOrigin")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".text .content").first).to_have_text('"We are ready,"')
    assert page.evaluate("performance.timeOrigin") > began
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd") < 1000 * 10  # a second, on a machine that is busy
    assert page.locator(".meta", has_text="not kept").count() == 1


def test_a_file_is_dropped(page: Any, expect: Callable[..., Any]) -> None:
    page.goto("/read")
    page.evaluate(
        """() => {
            const dropped = new DataTransfer();
            dropped.items.add(new File(['"We sail 🦭," said Ama Osei.'], "a.txt", { type: "text/plain" }));
            const drop = new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true });
            document.querySelector("form.read").dispatchEvent(drop);
        }"""
    )
    expect(page.locator(".text .content").first).to_have_text('"We sail 🦭,"')


def test_who_is_who(page: Any, expect: Callable[..., Any]) -> None:
    def said_of(path: str) -> None:
        page.goto(path)
        page.get_by_text("Say who this is").click()

    said_of("/person/name:Hanneke%20Obi")
    page.get_by_label("The same as").fill("aabel")
    page.get_by_role("button", name="Merge").click()
    expect(page.locator("h1")).to_have_text("Jens Aabel")
    merged = page.url
    expect(page.locator(".names", has_text="Hanneke Obi").first).to_be_visible()
    said_of(merged)
    page.get_by_label("Hanneke Obi").check()
    page.get_by_role("button", name="Split off").click()
    expect(page.locator("h1")).to_have_text("Hanneke Obi")
    said_of(page.url)
    page.get_by_label("Called").fill("Hanneke van Obi")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator("h1")).to_have_text("Hanneke van Obi")
    renamed = page.url
    page.goto("/people/changes")
    page.get_by_role("button", name="Take back").first.click()
    page.goto(renamed)
    expect(page.locator("h1")).to_have_text("Hanneke Obi")


def test_logging_in_and_what_each_role_may(opened: Callable[..., Any], guarded: str, expect: Callable[..., Any]) -> None:
    for name, reviews, names in (("Rea", False, False), ("Rev", True, True), ("Adm", True, True)):
        page = opened(guarded)
        page.goto("/search?q=fish")
        assert "/login?to=" in page.url
        enter(page, name)
        expect(page.locator(".who")).to_contain_text(name)
        assert page.goto("/review").status == (200 if reviews else 403)
        page.goto("/statement/3")
        assert page.get_by_role("link", name="Review it").count() == int(reviews)
        page.goto("/person/quill")
        assert page.get_by_text("Say who this is").count() == int(names)
        page.goto("/")
        page.get_by_role("button", name="Log out").click()
        page.goto("/")
        assert "/login?to=" in page.url


def test_a_hostile_report_runs_nothing(page: Any) -> None:
    hostile = "<img src=x onerror=document.title=1><script>document.title=1</script>"
    page.goto("/read")
    page.locator("#text").fill(f'"{hostile}," said <b onclick=alert(1)>Ama Osei.')
    page.get_by_role("button", name="Read it").click()
    assert page.title() == "Read my text"
    assert page.locator("main img, main script, main b[onclick]").count() == 0


def test_a_report_is_printed_with_its_notes(page: Any, tmp_path: Path) -> None:
    page.goto("/report/8")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".masthead nav").is_visible()
    assert page.locator(".note").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.pdf(path=tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
