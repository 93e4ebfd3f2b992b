"""Reliability: how often what is told with a confidence is right, as tables and as curves."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
BINS = 10
COLOURS = ("#1b6ca8", "#a63d40", "#3a7d44", "#7b5ea7")
SIZE, EDGE = 360, 40


def reliability(probabilities: Floats, right: Floats) -> list[tuple[int, float, float]]:
    """For each of ten equal bins that is not empty: how many, their mean confidence, the share that is right."""
    places = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    inside = [places == number for number in range(BINS)]
    return [(int(mask.sum()), float(probabilities[mask].mean()), float(right[mask].mean())) for mask in inside if mask.any()]


def expected_error(probabilities: Floats, right: Floats) -> float:
    """The expected calibration error (Naeini et al. 2015): the mean gap between confidence and share right, by the size of the bins.

    >>> expected_error(np.array([0.9, 0.9, 0.1, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])).__round__(3)
    0.1
    """
    rows = reliability(probabilities, right)
    total = sum(count for count, _, _ in rows)
    return sum(count * abs(told - share) for count, told, share in rows) / max(1, total)


def page(model: str, measured: dict[str, tuple[Floats, Floats]], rows: Sequence[tuple[float, float, float]], names: Sequence[str]) -> str:
    """The reliability tables as Markdown."""
    summary = [(field, len(right), right.mean(), expected_error(told, right)) for field, (told, right) in measured.items()]
    lines = [
        "# How far confidences can be trusted",
        "",
        f"Written by `python -m training.calibrate`: model `{model}`, sets {', '.join(names)}. Each figure is from reports that the",
        "curve was not fitted on (folds by report). ECE is the expected calibration error over ten equal bins (Naeini et al. 2015).",
        "",
        "![reliability curves](reliability.svg)",
        "",
        "| field | statements | right | ECE |",
        "|---|---:|---:|---:|",
        *(f"| {field} | {count} | {share:.3f} | {error:.3f} |" for field, count, share, error in summary),
        "",
        "| field | confidence, mean of the bin | statements | right |",
        "|---|---:|---:|---:|",
        *(
            f"| {field} | {told:.2f} | {count} | {share:.2f} |"
            for field, (probabilities, right) in measured.items()
            for count, told, share in reliability(probabilities, right)
        ),
        "",
        "`--precision` keeps what reaches these confidences (content times source):",
        "",
        "| precision | least confidence | kept, of what is right |",
        "|---:|---:|---:|",
        *(f"| {wanted:.2f} | {least:.2f} | {share:.2f} |" for wanted, least, share in rows),
        "",
    ]
    return "\n".join(lines)


def drawing(measured: dict[str, tuple[Floats, Floats]]) -> str:
    """The reliability curves: confidence to the right, share right upwards, one line a field; discs as large as their bins."""

    def at(told: float, share: float) -> str:
        return f"{EDGE + told * SIZE:.1f},{EDGE + (1 - share) * SIZE:.1f}"

    marks = [f'<path d="M{at(0, 0)} L{at(1, 1)}" stroke="#999" stroke-dasharray="4 4" fill="none"/>']
    for number, ((field, (probabilities, right)), colour) in enumerate(zip(measured.items(), COLOURS, strict=True)):
        rows = reliability(probabilities, right)
        path = " L".join(at(told, share) for _, told, share in rows)
        marks.append(f'<path d="M{path}" stroke="{colour}" fill="none" stroke-width="2"/>')
        for count, told, share in rows:
            x, y = at(told, share).split(",")
            marks.append(f'<circle cx="{x}" cy="{y}" r="{2 + (count / len(right)) ** 0.5 * 8:.1f}" fill="{colour}" fill-opacity="0.6"/>')
        marks.append(f'<text x="{EDGE + 12}" y="{EDGE + 20 + 18 * number}" fill="{colour}">{field}</text>')
    frame = f'<rect x="{EDGE}" y="{EDGE}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#555"/>'
    labels = (
        f'<text x="{EDGE + SIZE / 2}" y="{SIZE + EDGE + 30}" text-anchor="middle">confidence</text>'
        f'<text transform="translate({EDGE - 14},{EDGE + SIZE / 2}) rotate(-90)" text-anchor="middle">share right</text>'
    )
    whole = SIZE + 2 * EDGE
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif" font-size="13">'
    return "\n".join([head, f'<rect width="{whole}" height="{whole}" fill="#fff"/>', frame, *marks, labels, "</svg>", ""])
