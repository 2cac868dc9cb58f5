"""Archives: what is read and what is passed over, runs that are killed and go on, shards, tables, refusals."""

import csv
import gzip
import io
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from datetime import date, datetime

import pyarrow
import pyarrow.parquet
import pytest

from communique import baselines, jsonl, resources
from communique.archive import found, gather, local, model, reading, rows, run, shards, table
from communique.problems import CommuniqueError
from communique.records import Prediction
from communique.texts import stored

TEXT = "Statement\n\nThe Ministry of Salt of Orrin said on Monday that talks would go on. {}\n"
SAID = "Minister Aldo Fenn warned that shop {} would close. The harbour guild accused Orrin of delay in case {}."


def records(count):
    return [
        {"id": f"{n:04}", "text": TEXT.format(SAID.format(n, n)), "date": f"2031-05-{n % 28 + 1:02}"}
        for n in range(count)
    ]


def write_lines(path, items):
    path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
    return path


def content(folder):
    """Return every file of a folder, hidden ones too, with its bytes."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def labels(folder):
    return [one for path in sorted((folder / "labels").iterdir()) for one in jsonl.read(path, Prediction)]


def failures(folder):
    return [(one.id, one.line, one.told) for one in jsonl.read(folder / "failures.jsonl", gather.Failure)]


def label(source, output, **options):
    return run.label([str(source)], output, model="rules", **options)


@pytest.fixture
def lines(tmp_path):
    return write_lines(tmp_path / "archive.jsonl", records(23))


def test_the_same_texts_have_the_same_labels_from_files_of_every_kind(tmp_path, lines):
    raw = lines.read_bytes()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(raw))
    (tmp_path / "a.jsonl.zst").write_bytes(pyarrow.Codec("zstd").compress(raw, asbytes=True))
    columns = [{"nr": one["id"], "body": one["text"], "date": date.fromisoformat(one["date"])} for one in records(23)]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(columns), tmp_path / "a.parquet")
    (tmp_path / "texts").mkdir()
    for one in records(23):
        (tmp_path / "texts" / f"{one['id']}.txt").write_text(one["text"], encoding="utf-8")
    label(lines, tmp_path / "out")
    expected = labels(tmp_path / "out")
    assert [one.id for one in expected] == [one["id"] for one in records(23)]
    assert all(one.claims for one in expected)
    for number, name in enumerate(("a.jsonl.gz", "a.jsonl.zst", "a.parquet", "texts", "texts/0*.txt")):
        given = reading.Columns("body", "nr") if name == "a.parquet" else reading.Columns()
        label(tmp_path / name, tmp_path / f"out{number}", columns=given)
        assert labels(tmp_path / f"out{number}") == expected, name


def test_what_a_record_says_of_its_text_is_carried(tmp_path):
    day = pyarrow.array([datetime(2031, 5, 2)], pyarrow.timestamp("us"))
    columns = {"id": ["7"], "text": [TEXT], "date": day, "genre": ["statement"], "title": [None]}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    items = [{"id": 8, "text": TEXT, "date": "2031", "title": "Salt", "language": "en", "more": 1}]
    write_lines(tmp_path / "b.jsonl", items)
    run.label([str(tmp_path / "a.parquet"), str(tmp_path / "b.jsonl")], tmp_path / "out", model="rules")
    first, second = jsonl.read(tmp_path / "out/texts/000000.jsonl", shards.About)
    assert (first.id, first.date, first.genre, first.title, first.line) == ("7", "2031-05-02", "statement", None, 1)
    assert (second.id, second.date, second.title, second.language, second.genre) == ("8", "2031", "Salt", "en", None)


def test_files_that_are_not_read_are_counted_and_named(tmp_path, run):
    folder = tmp_path / "texts"
    (folder / ".git").mkdir(parents=True)
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    for name in ("letter.docx", "B.TXT", "catalog.jsonl", ".git/x.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8")
    (folder / "lost.txt").symlink_to(folder / "nothing.txt")
    label(folder / "good.txt", folder / "earlier")
    code, out, err = run("label", folder, "-o", folder / "out", "--model", "rules")
    assert (code, "labels of 1 texts" in out) == (0, True)
    told = dict((one.file, one.told) for one in jsonl.read(folder / "out/failures.jsonl", gather.Failure))
    assert {name.removeprefix(f"{folder}/") for name in told} == {
        "letter.docx", "B.TXT", "catalog.jsonl", "lost.txt", "earlier",
    }  # fmt: skip
    assert "rename it to end in .txt" in told[f"{folder}/B.TXT"]
    assert all(name in err for name in told)
    assert "5 not labelled" in err


def test_one_bad_text_is_named_and_stops_nothing(tmp_path, monkeypatch):
    from communique.baselines import rules

    whole = rules.find

    def find(doc_id, text):
        if "burst" in text:
            raise IndexError("beyond the end")
        return whole(doc_id, text)

    monkeypatch.setattr(rules, "find", find)
    monkeypatch.setattr(reading, "LONGEST", 5000)
    good = [json.dumps(one) for one in records(3)]
    bad = [
        "{",
        "[1]",
        json.dumps({"text": TEXT}),
        json.dumps({"id": True, "text": TEXT}),
        json.dumps({"id": "b", "text": 5}),
        json.dumps({"id": "c", "text": " \n"}),
        json.dumps({"id": "0000", "text": TEXT}),
        json.dumps({"id": "d", "text": "x" * 5001}),
        json.dumps({"id": "e", "text": "burst"}),
        "[" * 100_000,
    ]
    mixed = [line for number in range(3) for line in (good[number], *bad[number * 4 : number * 4 + 4])]
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/a.jsonl").write_text("\n".join(mixed), encoding="utf-8")
    (tmp_path / "texts/b.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "texts/c.jsonl.gz").write_bytes(gzip.compress(json.dumps({"id": "z", "text": TEXT}).encode())[:-9])
    (tmp_path / "texts/d.parquet").write_bytes(b"PAR1")
    pyarrow.parquet.write_table(pyarrow.table({"id": ["y"], "body": [TEXT]}), tmp_path / "texts/e.parquet")
    ended = label(tmp_path / "texts", tmp_path / "out")
    assert [one.id for one in labels(tmp_path / "out")] == ["0000", "0001", "0002"]
    told = failures(tmp_path / "out")
    assert len(told) == len(ended.failures) == len(bad) + 4
    named = {name: told for name, _, told in told if name}
    assert {name: words for name, words in named.items() if name != "b"} | {"b": ""} == {
        "b": "",
        "c": "there is no text in it; write it, or leave it out",
        "0000": "an earlier text has this id; give one of them another",
        "d": "is longer than 5,000 characters; split it",
        "e": "the model failed at it: IndexError: beyond the end; leave it out, or report it",
    }
    words = " ".join(told for _, _, told in told)
    for part in ("no JSON object", "no id under 'id'", "no text under 'text'", "is not UTF-8", "cannot be unpacked"):
        assert part in words
    assert "cannot be read as parquet" in words
    assert "has no column 'text' but id, body" in words
    assert {line for name, line, _ in told if name == "0000"} == {9}


def test_nothing_to_label_is_an_error_and_nothing_labelled_too(tmp_path, run):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/a.docx").write_text(TEXT, encoding="utf-8")
    code, _, err = run("label", tmp_path / "texts", "-o", tmp_path / "out")
    assert (code, "a.docx is none of .txt" in err) == (2, True)
    assert not (tmp_path / "out").exists()
    assert run("label", tmp_path / "*.pdf", "-o", tmp_path / "out")[0] == 2
    (tmp_path / "texts/a.txt").write_text(" ", encoding="utf-8")
    code, out, _ = run("label", tmp_path / "texts", "-o", tmp_path / "out")
    assert (code, "labels of 0 texts" in out) == (1, True)


def command(source, output, *more):
    return [sys.executable, "-m", "communique", "label", str(source), "-o", str(output), "--model", "rules", *more]


def killed(arguments, output, after):
    """Start a run, and kill it as soon as so many shards are done; return which were."""
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
    done = output / "done"
    limit = time.monotonic() + 60
    while len(list(done.glob("*.json"))) < after and process.poll() is None and time.monotonic() < limit:
        time.sleep(0.001)
    assert process.poll() is None, process.stderr.read()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    return {path.name: path.stat().st_ino for path in done.glob("*.json")}


def test_a_run_that_is_killed_three_times_goes_on_to_the_same_bytes(tmp_path):
    source = write_lines(tmp_path / "archive.jsonl", [*records(400), {"id": "bad"}])
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    options = ["--shard", "4", "--table", "claims.csv"]
    subprocess.run(command(source, whole, *options), cwd=tmp_path, check=True, capture_output=True)
    first = (tmp_path / "claims.csv").read_bytes()
    (tmp_path / "claims.csv").unlink()
    options[-1] = str(tmp_path / "claims.csv")
    before = {}
    for after, more in ((10, []), (35, ["--jobs", "2"]), (60, [])):
        done = killed(command(source, broken, *options, *more), broken, after)
        assert after <= len(done) < 101
        assert before.items() <= done.items()
        assert not (broken / "failures.jsonl").exists()
        before = done
    torn = broken / "labels/000007.jsonl"
    torn.write_bytes(torn.read_bytes()[:-20])
    told = subprocess.run(command(source, broken, *options), check=True, capture_output=True, text=True)
    assert f", {4 * (len(before) - 1):,} of them before: " in told.stdout
    done = {path.name: path.stat().st_ino for path in (broken / "done").glob("0*.json")}
    assert {name for name in before if before[name] != done[name]} == {"000007.json"}
    assert content(broken) == content(whole)
    assert (tmp_path / "claims.csv").read_bytes() == first


def test_processes_and_format_change_nothing_in_the_labels(tmp_path, lines):
    label(lines, tmp_path / "one", shard=3)
    label(lines, tmp_path / "two", shard=3, engine=run.Engine(jobs=2))
    assert content(tmp_path / "one") == content(tmp_path / "two")
    label(lines, tmp_path / "three", shard=3, form="parquet")
    read = [pair for n in range(8) for pair in shards.Store(tmp_path / "three", "parquet").labels(n)]
    assert read == [pair for n in range(8) for pair in shards.Store(tmp_path / "one", "jsonl").labels(n)]
    assert any(claim.probabilities for _, layer in read for claim in layer.claims)
    columns = pyarrow.parquet.read_table(tmp_path / "three/labels/000000.parquet").to_pylist()
    assert columns[0]["claims"][0]["spans"][0]["text"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_few_shards_are_in_memory_at_a_time(jobs):
    texts = [reading.Text(one["id"], one["text"], "a", 1) for one in records(40)]
    taken = []

    def given():
        for shard in shards.cut(texts, 2):
            taken.append(shard)
            yield shard

    for number, _ in enumerate(local.labelled(given(), model.named("rules"), "jsonl", jobs)):
        assert len(taken) - number <= 2 * jobs + 1
    assert number == 19


def test_a_shard_is_full_by_texts_or_by_characters(monkeypatch):
    monkeypatch.setattr(shards, "CHARACTERS", 100)
    texts = [reading.Text(str(n), "x" * size, "a", n) for n, size in enumerate([10, 10, 10, 99, 1, 100, 5])]
    bad = gather.Failure(None, "a", 9, "is none")
    cut = list(shards.cut([*texts, bad], 3))
    assert [[len(text.text) for text in shard.texts] for shard in cut] == [[10, 10, 10], [99, 1], [100], [5]]
    assert [shard.number for shard in cut] == [0, 1, 2, 3]
    assert cut[-1].failures == [bad]


def test_a_folder_has_one_plan(tmp_path, lines, run):
    out = tmp_path / "out"
    label(lines, out)
    before = content(out)
    trained = tmp_path / "trained"
    baselines.save(baselines.create("rules"), trained)
    for arguments, told in (
        ([lines, "--model", trained], "another model (rules, now"),
        ([lines, "--model", "rules", "--shard", 7], "another shard (200, now 7)"),
        ([lines, "--model", "rules", "--format", "parquet"], "another format (jsonl, now parquet)"),
        ([lines, lines, "--model", "rules"], "other texts (23 in 1 files, now 46 in 2 files)"),
    ):
        code, _, err = run("label", *arguments, "-o", out)
        assert (code, err.count("\n"), told in err) == (2, 1, True), err
    lines.write_text(lines.read_text(encoding="utf-8").replace("Fenn", "Venn"), encoding="utf-8")
    code, _, err = run("label", lines, "-o", out, "--model", "rules")
    assert (code, "begun with texts changed since" in err) == (2, True)
    assert content(out) == before
    assert run("label", lines, "-o", out, "--model", "rules", "--shard", 7, "--force")[0] == 0
    label(lines, tmp_path / "fresh", shard=7)
    assert content(out) == content(tmp_path / "fresh")


def test_nothing_of_the_user_is_written_over(tmp_path, lines, run):
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    code, _, err = run("label", lines, "-o", other)
    assert (code, "holds other files" in err) == (2, True)
    code, _, err = run("label", other, "-o", other)
    assert (code, "cannot be written" in err) == (2, True)
    sheet = tmp_path / "claims.csv"
    sheet.write_text("mine", encoding="utf-8")
    code, _, err = run("label", lines, "-o", tmp_path / "out", "--table", sheet)
    assert (code, "claims.csv is there" in err, sheet.read_text(encoding="utf-8")) == (2, True, "mine")
    assert run("label", lines, "-o", tmp_path / "out", "--table", sheet, "--force")[0] == 0
    assert run("label", lines, "-o", tmp_path / "out", "--table", sheet)[0] == 0
    sheet.write_bytes(sheet.read_bytes() + b"my note\r\n")
    assert run("label", lines, "-o", tmp_path / "out", "--table", sheet)[0] == 2
    assert run("label", lines, "-o", tmp_path / "out", "--table", tmp_path / "claims.ods")[0] == 2
    assert sorted(path.name for path in other.iterdir()) == ["mine.txt"]


DANGEROUS = ("=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "＝1")


@pytest.fixture
def dangerous(tmp_path):
    """Labels whose documents are called what a spreadsheet would run, or take for a number."""
    texts = [{"id": f"{name}", "text": TEXT.format("")} for name in (*DANGEROUS, "007", "1e5")]
    return write_lines(tmp_path / "bad.jsonl", texts)


def test_a_table_of_commas_opens_in_a_spreadsheet_and_runs_nothing(tmp_path, dangerous):
    label(dangerous, tmp_path / "out", to=tmp_path / "claims.csv")
    raw = (tmp_path / "claims.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfdocument,date,who,speaker's words,cue,how,at whom,what,if,not\r\n")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))[1:]
    assert [row[0] for row in rows] == ["'=1+1", "'+1", "'-1", "'@sum", "'=1", "'=1", "'＝1", "007", "1e5"]
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    assert rows[0][2:6] == ["The Ministry of Salt of Orrin", "", "", "assertion"]


def test_a_table_of_parquet_has_words_as_they_are(tmp_path, dangerous):
    label(dangerous, tmp_path / "out", to=tmp_path / "claims.parquet")
    read = pyarrow.parquet.read_table(tmp_path / "claims.parquet")
    assert {str(field.type) for field in read.schema} == {"string"}
    assert read.column_names == list(rows.COLUMNS)
    assert read["document"].to_pylist()[0] == "=1+1"
    assert read["document"].to_pylist()[-2:] == ["007", "1e5"]


def test_a_spreadsheet_has_nothing_but_text(tmp_path, dangerous, monkeypatch):
    pytest.importorskip("xlsxwriter", reason="XlsxWriter is not installed; pip install 'communique[xlsx]'")
    import zipfile

    label(dangerous, tmp_path / "out", to=tmp_path / "claims.xlsx")
    first = (tmp_path / "claims.xlsx").read_bytes()
    sheet = zipfile.ZipFile(io.BytesIO(first)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count("<c ") == sheet.count('t="inlineStr"') == 10 * 10
    assert "'=1+1" in sheet and "<t>007</t>" in sheet
    table.write(tmp_path / "again.xlsx", rows.rows(shards.Store(tmp_path / "out", "jsonl").labels(0)))
    assert (tmp_path / "again.xlsx").read_bytes() == first
    monkeypatch.setattr(table, "_LAST_ROW", 3)
    with pytest.raises(CommuniqueError, match="no more than 3 claims"):
        table.write(tmp_path / "long.xlsx", [("x",) * 10] * 4)
    assert not (tmp_path / "long.xlsx").exists()


def test_a_missing_library_is_told_before_the_work(tmp_path, lines, run, monkeypatch):
    for module, arguments, told in (
        ("xlsxwriter", ["--table", tmp_path / "claims.xlsx"], "pip install 'communique[xlsx]'"),
        ("ray", ["--engine", "ray"], "pip install 'communique[ray]'"),
    ):
        monkeypatch.setitem(sys.modules, module, None)
        code, _, err = run("label", lines, "-o", tmp_path / "out", *arguments)
        assert (code, told in err) == (2, True)
    code, _, err = run("label", lines, "-o", tmp_path / "out", "--address", "auto")
    assert (code, "add --engine ray" in err) == (2, True)


def test_rows_say_who_whom_if_and_not():
    from communique.labels import EntityKind, Form, Rhetoric
    from communique.records import Attribution, Cue, Entity, PredictedClaim, Span, Speaker

    spans = {word: (Span(start=0, end=len(word), text=word),) for word in ("Fenn", "will\nnot", "strike", "us")}
    layer = Prediction(
        id="a",
        entities=tuple(Entity(id=f"e{n}", name=f"Guild {n}", kind=EntityKind.GROUP, mentions=()) for n in (1, 2, 3)),
        speakers=(Speaker(id="s1", spans=spans["Fenn"]),),
        cues=(Cue(id="q1", spans=spans["will\nnot"]),),
        attributions=(
            Attribution(id="a1", speaker="s1", cue="q1", entities=("e1", "e2"), form=Form.INDIRECT, parent=None),
            Attribution(id="a2", speaker=None, cue=None, entities=(), form=Form.INDIRECT, parent=None),
        ),
        claims=(
            PredictedClaim(
                id="c1",
                attribution="a1",
                spans=(*spans["strike"], *spans["us"]),
                rhetoric=Rhetoric.THREAT,
                targets=("e3",),
                conditional=True,
                negated=True,
            ),
            PredictedClaim(id="c2", attribution="a2", spans=spans["us"]),
        ),
    )
    assert list(rows.rows([(shards.About("a", "f", 0, date="2031-05-02"), layer)])) == [
        ("a", "2031-05-02", "Guild 1; Guild 2", "Fenn", "will not", "threat", "Guild 3", "strike … us", "yes", "yes"),
        ("a", "2031-05-02", "", "", "", "", "", "us", "", ""),
    ]
    total = found.Found()
    for _ in range(2):
        found.add(total, found.found([layer]))
    assert (total.texts, total.claims, total.types) == (2, 4, {"threat": 2, "–": 2})
    assert found.holder_rows(total) == [["Guild 1", "threat 2", "2"], ["Guild 2", "threat 2", "2"]]
    assert found.type_rows(total) == [["threat", "Guild 1 2", "2", "50"], ["–", "", "2", "50"]]
    long = found.Found(1, 1, {"threat": 1}, {"Guild of " + "x" * 90: {"threat": 1}})
    assert [len(found.holder_rows(long)[0][0]), len(found.type_rows(long)[0][1])] == [30, 32]


def test_the_printed_table_is_worth_reading_in_80_columns(tmp_path, lines, run):
    code, out, err = run("label", lines, "-o", tmp_path / "out", "--model", "rules")
    assert (code, err) == (0, "")
    assert out.startswith(f"{tmp_path / 'out'} holds the labels of 23 texts: 69 claims\n")
    table = out.splitlines()[1:]
    assert max(map(len, table)) <= 80
    assert any(line.split() == ["The", "harbour", "guild", "accusation", "23", "23"] for line in table)
    assert any(line.split() == ["accusation", "The", "harbour", "guild", "23", "23", "33"] for line in table)


def test_without_a_model_the_packaged_one_labels(tmp_path, lines, run):
    for name, more in {"one": [], "two": ["--model", str(resources.folder("models") / "news")]}.items():
        assert run("label", lines, "-o", tmp_path / name, *more)[0] == 0
    assert content(tmp_path / "one/labels") == content(tmp_path / "two/labels")


def test_progress_is_shown_on_a_terminal_with_rate_and_time_left(tmp_path):
    source = write_lines(tmp_path / "archive.jsonl", records(100))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(source, tmp_path / "out", "--shard", "2"),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:
        pass
    assert process.wait() == 0
    os.close(ours)
    assert b"/100" in shown and b"texts" in shown and b"/s" in shown and b"left" in shown


def test_line_ends_and_letters_are_stored_as_predict_stores_them(tmp_path):
    raw = "\ufeff" + TEXT.format("Ca fe\u0301.").replace("\n", "\r\n")
    write_lines(tmp_path / "a.jsonl", [{"id": "a", "text": raw}])
    label(tmp_path / "a.jsonl", tmp_path / "out")
    (one,) = labels(tmp_path / "out")
    text = stored(raw)
    assert "é" in text and "\r" not in text
    assert all(text[span.start : span.end] == span.text for claim in one.claims for span in claim.spans)


def test_the_output_and_the_table_are_no_input(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    for _ in range(2):
        ended = label(folder, folder / "out", to=folder / "claims.parquet")
        assert (ended.found.texts, ended.failures) == (1, [])
    shutil.rmtree(folder / "out")
    assert label(folder, folder / "out").failures
