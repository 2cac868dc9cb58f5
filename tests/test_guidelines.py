"""The guidelines and the prompts of `llm` quote no held-out text: whoever prompts with them must not leak test."""

from itertools import chain
from pathlib import Path

import pytest

from communique import releases
from communique.tokens import tokens

ROOT = Path(__file__).parent.parent
SHARED = 4
PAGES = [ROOT / "docs" / "guidelines.md", *sorted((ROOT / "baselines" / "llm" / "prompts").rglob("*.md"))]


def grams(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold() for word, _, _ in tokens(text) if word[0].isalnum()]
    return set(zip(*(words[at:] for at in range(SHARED)), strict=False))


@pytest.fixture(scope="module")
def held_out() -> set[tuple[str, ...]]:
    documents = [
        document for name in releases.listed() for split in ("dev", "test") for document in releases.load(split, name)
    ]
    return set(chain.from_iterable(grams(document.text) for document in documents))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_four_words_in_a_row_of_a_held_out_text(page: Path, held_out: set[tuple[str, ...]]) -> None:
    assert not sorted(grams(page.read_text(encoding="utf-8")) & held_out)


def test_four_words_in_a_row_would_be_found(held_out: set[tuple[str, ...]]) -> None:
    text = releases.load("test")[0].text
    assert grams(f"For example “{text[400:600]}”.") & held_out
