"""What is said of a release in every form, and that each form is what its readers take."""

import json
import re
import shutil

import pytest
import yaml
from msgspec.structs import replace

from communique.digests import published
from communique.report.citation import cited
from communique.report.citation_forms import FORMS

KEYS_OF_CFF = {
    *("cff-version", "message", "title", "abstract", "type", "version", "date-released", "authors", "license"),
    *("keywords", "identifiers"),
}


@pytest.fixture(scope="module")
def told(root):
    return cited(root / "corpus" / "0.2.0")


@pytest.fixture(scope="module")
def digest(root):
    return published(root / "corpus")["0.2.0"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_version_year_and_digest(told, digest, form):
    page = FORMS[form](told)
    assert ("0.2.0" in page, told.date[:4] in page, digest in page) == (True, True, True)
    assert page.endswith("\n")


def test_collections_are_told_with_their_sources(told):
    dispatches, seeds = told.collections
    assert (dispatches.documents, dispatches.origins, dispatches.publishers) == (115, ("composed",), ())
    assert (seeds.documents, seeds.licenses) == (1, ("LicenseRef-third-party",))
    assert "seeds (1 text supplied, LicenseRef-third-party)" in FORMS["text"](told)


def test_apa_is_author_year_title_version(told):
    page = FORMS["apa"](told)
    assert re.match(r"The communique maintainers\. \(2026\)\. communique: .+ \(Version 0\.2\.0\) \[Data set\]\. ", page)
    assert " (n.d.). " in FORMS["apa"](told._replace(date=None))
    two = told._replace(about=replace(told.about, authors=("A. B.", "C. D.")))
    assert FORMS["apa"](two).startswith("A. B., & C. D. (2026). ")


def test_datacite_has_what_its_schema_requires(told):
    page = json.loads(FORMS["datacite"](told))
    assert page["schemaVersion"] == "http://datacite.org/schema/kernel-4"
    assert page["types"]["resourceTypeGeneral"] == "Dataset"
    assert re.fullmatch(r"\d{4}", page["publicationYear"])
    assert all(person["name"] for person in page["creators"])
    assert page["titles"][0]["title"] and page["publisher"]["name"]
    assert [one["rights"] for one in page["rightsList"]] == ["CC-BY-4.0", "LicenseRef-third-party"]
    assert not {"doi", "url", "identifiers"} & set(page), "no address of the release is known"


def test_cff_has_the_fields_of_version_1_2_0(told):
    page = yaml.safe_load(FORMS["cff"](told))
    assert (page["cff-version"], page["type"], set(page) - KEYS_OF_CFF) == ("1.2.0", "dataset", set())
    assert all(set(one) == {"type", "value", "description"} and one["type"] == "other" for one in page["identifiers"])


def test_without_a_date_there_is_no_datacite_and_the_mend_is_told(root, tmp_path, run):
    shutil.copytree(root / "corpus" / "0.1.0", tmp_path / "0.1.0")
    code, out, err = run("cite", tmp_path / "0.1.0", "--format", "datacite")
    assert (code, out, "add `## 0.1.0 (YYYY-MM-DD)` to CHANGELOG.md" in err) == (2, "", True)


def test_collections_of_others_are_cited_as_they_say(tmp_path, run):
    (tmp_path / "HYDRATED.json").write_text("{}")
    code, _, err = run("cite", tmp_path)
    assert (code, "communique collections says what to cite" in err) == (2, True)


def test_json_says_what_the_text_says(run, digest):
    page = json.loads(run("cite", "0.2.0", "--json")[1])
    assert (page["version"], page["manifest_sha256"]) == ("0.2.0", digest)
    assert [one["name"] for one in page["collections"]] == ["dispatches", "seeds"]
    assert page["signature"] in run("cite", "0.2.0")[1]
