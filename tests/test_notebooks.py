"""The notebooks run, and give what stands in them."""

import nbformat
import pytest

import notebooks


@pytest.mark.parametrize("path", notebooks.FILES, ids=lambda path: path.stem)
def test_a_notebook_gives_what_stands_in_it(path):
    there = nbformat.read(path, as_version=4)
    assert all(notebooks.outputs(there))
    assert notebooks.outputs(notebooks.executed(path)) == notebooks.outputs(there)
