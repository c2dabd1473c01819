"""What is wrong with the texts of a page as it stands, measured from their boxes: cut, over one another, off the screen."""

from __future__ import annotations

from typing import Any

MEASURED = """(paper) => {
    const found = [], root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(['wider than the screen', root.scrollWidth, root.clientWidth]);
    const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const skipped = '.visually-hidden, .skip, option, noscript, script, style, title, .meaning';
    const runs = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const e = node.parentElement, text = node.textContent.trim();
        if (!text || e.closest(skipped) || !seen(e)) continue;
        // A text that its drawing has shortened says so at its end.
        if (e.closest('svg') && /\\S…$/.test(text)) found.push(['shortened', text]);
        const range = document.createRange();
        range.selectNodeContents(node);
        // One box a line; what scrolls within a box of its own counts as far as it is in sight, and on paper nothing scrolls.
        for (const line of range.getClientRects()) {
            if (line.width < 1 || line.height < 1) continue;
            const box = { left: line.left, right: line.right, top: line.top, bottom: line.bottom };
            let scrolls = false, gone = false;
            for (let a = e; a && a !== document.body; a = a.parentElement) {
                const style = getComputedStyle(a);
                if (style.display === 'inline') continue;
                const [x, y] = [style.overflowX, style.overflowY];
                if (x === 'visible' && y === 'visible') continue;
                const hold = a.getBoundingClientRect();
                const rolls = !paper && [x, y].some((o) => o === 'auto' || o === 'scroll');
                if (rolls) {
                    scrolls = true;
                    box.left = Math.max(box.left, hold.left); box.right = Math.min(box.right, hold.right);
                    box.top = Math.max(box.top, hold.top); box.bottom = Math.min(box.bottom, hold.bottom);
                    if (box.right - box.left < 1 || box.bottom - box.top < 1) { gone = true; break; }
                } else if (box.left < hold.left - 1 || box.right > hold.right + 1 || box.top < hold.top - 2 || box.bottom > hold.bottom + 2)
                    found.push(['cut', a.getAttribute('class') || a.tagName, text.slice(0, 60)]);
            }
            if (gone) continue;
            if (!scrolls && (box.right > root.clientWidth + 1 || box.left < -1)) found.push(['leaves the screen', text.slice(0, 60)]);
            runs.push({ node, text, box });
        }
    }
    // Nor may a drawing be cut, in which a line at its edge says something, too.
    for (const svg of document.querySelectorAll('svg')) {
        if (!seen(svg) || svg.closest('.clock')) continue;
        const box = svg.getBoundingClientRect(), hold = svg.parentElement.getBoundingClientRect();
        if (box.width && (box.right > hold.right + 1 || box.bottom > hold.bottom + 1 || box.right > root.clientWidth + 1))
            found.push(['drawing cut', svg.getAttribute('class'), Math.round(box.width), Math.round(hold.width)]);
    }
    runs.sort((a, b) => a.box.top - b.box.top);
    for (let a = 0; a < runs.length; a++) for (let b = a + 1; b < runs.length && runs[b].box.top < runs[a].box.bottom; b++) {
        if (runs[a].node === runs[b].node) continue;
        // Letters stand within their box with a little air above and below, which may touch.
        const one = runs[a].box, other = runs[b].box, air = 0.22 * Math.min(one.bottom - one.top, other.bottom - other.top);
        if (one.left < other.right - 1 && other.left < one.right - 1 && one.top + air < other.bottom - air && other.top + air < one.bottom - air)
            found.push(['overlaps', runs[a].text.slice(0, 60), runs[b].text.slice(0, 60)]);
    }
    for (const select of document.querySelectorAll('select')) {
        if (!seen(select)) continue;
        // As high as a choice of the same width would be that shows all of its words; where it does not wrap them, as wide.
        const alike = select.cloneNode(true);
        alike.value = select.value;
        const wraps = getComputedStyle(select).appearance === 'base-select';
        const width = wraps ? `${Math.ceil(select.getBoundingClientRect().width)}px` : 'max-content';
        alike.style.cssText = `position: absolute; max-width: none; height: auto; width: ${width}`;
        select.after(alike);
        if (alike.offsetWidth > select.offsetWidth + 1 || alike.offsetHeight > select.offsetHeight + 1 || alike.scrollWidth > alike.clientWidth + 1)
            found.push(['cut', 'select', select.selectedOptions[0].textContent]);
        alike.remove();
    }
    for (const input of document.querySelectorAll('input[type=number], input[type=text]'))
        if (seen(input) && input.scrollWidth > input.clientWidth + 1) found.push(['cut', input.id, input.value]);
    return found; }"""


def trouble(page: Any, paper: bool = False) -> list[list[Any]]:
    """Return what is wrong with the texts that a page shows: what kind of trouble, and where.

    Args:
        page: Page of Playwright's.
        paper: Whether it is laid out for paper, on which nothing scrolls.
    """
    return page.evaluate(MEASURED, paper)


def sized(page: Any, width: int, height: int, zoom: float = 1.0) -> None:
    """Give a page's window a size in pixels of the screen, looked at enlarged so many times.

    Args:
        page: Page of Playwright's.
        width: Width in pixels of the screen.
        height: Height in pixels of the screen.
        zoom: 2 is 200 %: half as many of the page's own pixels, each drawn with twice as many of the screen's.
    """
    page.context.new_cdp_session(page).send(
        "Emulation.setDeviceMetricsOverride",
        {"width": round(width / zoom), "height": round(height / zoom), "deviceScaleFactor": zoom, "mobile": False},
    )
