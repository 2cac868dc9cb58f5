"""The tasks for the lm-evaluation-harness: in its own hands where it is installed, and without it."""

import json

import msgspec
import pytest
import yaml

from communique import harness, releases
from communique.baselines.llm.prompts import Prompts
from communique.baselines.llm.quoting import quoted
from communique.evaluation import evaluate
from communique.labels import Rhetoric
from communique.plugins import member

RELEASE = "0.1.0"
LIKELY = "assertion"


class Loader(yaml.SafeLoader):
    """Reads a task as the harness does, a function by its name."""


Loader.add_constructor("!function", lambda loader, node: member(":".join(node.value.rsplit(".", 1))))


@pytest.fixture(scope="module")
def dev():
    return releases.part(f"{RELEASE}:dev")[0]


def task(name):
    with (harness.TASKS / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader)


@pytest.fixture(scope="module")
def answers(dev):
    """Return what a model might say: gold in quotes, with faults, prose, and one text without an answer."""
    found = {}
    for number, document in enumerate(dev):
        answer = msgspec.to_builtins(quoted(document))
        for at, item in enumerate(answer["attributions"]):
            if at % 3 == number % 3:
                item["claims"][0]["rhetoric"] = LIKELY
            if at % 4 == 1:
                item["cue"], item["claims"][-1]["quote"] = "nowhere at all", "words that nobody has said"
        found[document.id] = "I cannot say." if number == 1 else f"So be it:\n```json\n{json.dumps(answer)}\n```"
    return found


@pytest.fixture(scope="module")
def figures(dev, answers, tmp_path_factory):
    """Return what `communique score` says of these answers, and of types that a rule guesses, by measure."""
    from communique.cli import main

    folder = tmp_path_factory.mktemp("answers")
    lines = (json.dumps({"id": name, "answer": answer}) + "\n" for name, answer in answers.items())
    (folder / "answers.jsonl").write_text("".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["communique", "score", f"{RELEASE}:dev", str(folder / "answers.jsonl"), "--json"])
        told = printed(main)
    types = evaluate(f"{RELEASE}:dev", {f"{d.id}#{c.id}": guess(c.spans[0].text) for d in dev for c in d.claims})
    return told, {score.measure: score.value for score in types.scores if score.group == "all"}


def printed(main):
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out), pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 0
    return json.loads(out.getvalue())


def full(told):
    """Return the figures of the task by the names of its metrics."""
    scores = {
        s["measure"]: s["value"]
        for s in told["scores"]
        if (s["task"], s["unit"], s["group"]) == ("full", "claim", "all")
    }
    return {**scores, "invention-rate": told["invention_rate"]}


def guess(words):
    return list(Rhetoric)[len(words) % len(Rhetoric)]


def likelihoods(label):
    """Return what the harness hands over for the choices of a claim, the label being the likeliest."""
    return [(-1.0 if known == label else -2.0, False) for known in Rhetoric]


def figured(config, rows, results):
    """Return the figure of each metric, as the harness comes to it."""
    items = [config["process_results"](row, result) for row, result in zip(rows, results, strict=True)]
    return {of["metric"]: of["aggregation"]([item[of["metric"]] for item in items]) for of in config["metric_list"]}


def test_what_is_answered_in_quotes_scores_as_the_command_says(answers, figures):
    config = task("communique_full")
    rows = config["custom_dataset"](release=RELEASE, version=1.0, pretrained="x")["dev"]
    found = figured(config, rows, [[answers[row["id"]]] for row in rows])
    assert found == {name: full(figures[0])[name] for name in found}
    assert 0 < found["content+entity+type"] < found["content"] < 1
    assert 0 < found["invention-rate"] < 1


def test_the_likeliest_type_scores_as_the_command_says(dev, figures):
    config = task("communique_rhetoric")
    rows = config["custom_dataset"](release=RELEASE)["dev"]
    spans = {f"{d.id}#{c.id}": c.spans[0].text for d in dev for c in d.claims}
    found = figured(config, rows, [likelihoods(guess(spans[row["id"]])) for row in rows])
    assert found == {name: figures[1][name] for name in found}
    assert 0 < found["macro-f1"] < found["family-macro-f1"] < 1


def test_a_part_is_scored_on_what_was_asked_and_says_so(caplog):
    config = task("communique_rhetoric")
    rows = list(config["custom_dataset"](release=RELEASE)["dev"])[:7]
    found = figured(config, rows, [likelihoods(list(Rhetoric)[row["label"]]) for row in rows])
    assert set(found.values()) == {1.0}
    assert all("|split:dev-part|task:rhetoric|" in record.message for record in caplog.records)


def test_what_is_asked_is_what_llm_asks(dev):
    (row,) = (r for r in task("communique_full")["custom_dataset"](release=RELEASE)["dev"] if r["id"] == dev[0].id)
    prompts, config = Prompts("v1"), task("communique_rhetoric")
    from communique.baselines.base import Source

    system, question = prompts.conversation(Source(id=dev[0].id, text=dev[0].text))
    assert [row["system"].strip(), row["question"].strip()] == [system["content"], question["content"]]
    shown = {kind: config["custom_dataset"](release=RELEASE, shown=kind)["dev"][0] for kind in ("paragraph", "text")}
    assert dev[0].text.split("\n")[0] in shown["text"]["question"]
    assert len(shown["paragraph"]["question"]) < len(shown["text"]["question"])
    assert shown["text"]["question"].count('{"id":"c1"') == 1
    kept = json.loads(config["gen_prefix"] + config["doc_to_choice"](shown["text"])[3])
    assert kept == {"types": {"c1": list(Rhetoric)[3]}}


def test_an_unknown_way_to_show_a_claim_is_told():
    with pytest.raises(Exception, match="shown='page' is neither of paragraph and text"):
        task("communique_rhetoric")["custom_dataset"](shown="page")


def test_the_folder_of_the_tasks_is_printed(capsys):
    import runpy

    runpy.run_module("communique.harness", run_name="__main__")
    assert capsys.readouterr().out == f"{harness.TASKS}\n"


@pytest.fixture(scope="module")
def manager():
    tasks = pytest.importorskip(
        "lm_eval.tasks", reason="the lm-evaluation-harness is not installed: pip install lm-eval"
    )
    return tasks.TaskManager(
        include_path=str(harness.TASKS), include_defaults=False, metadata={"release": RELEASE, "pretrained": "x"}
    )


def evaluated(manager, model, names, **options):
    from lm_eval import evaluator

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluator, "add_env_info", lambda results: None)  # what machine it is: seconds for nothing
        return evaluator.simple_evaluate(model=model, tasks=names, task_manager=manager, bootstrap_iters=0, **options)


def test_the_harness_comes_to_the_figures_of_the_command(manager, answers, figures, dev, tmp_path, run):
    from lm_eval.api.model import LM

    class Answering(LM):
        """Says what is prepared for each text."""

        def generate_until(self, requests):
            return [answers[request.doc["id"]] for request in requests]

        def loglikelihood(self, requests):
            wanted = [guess(spans[request.doc["id"]]) for request in requests]
            return [(-1.0 if label in r.args[1] else -2.0, False) for label, r in zip(wanted, requests, strict=True)]

        def loglikelihood_rolling(self, requests):
            raise NotImplementedError

    spans = {f"{d.id}#{c.id}": c.spans[0].text for d in dev for c in d.claims}
    found = evaluated(manager, Answering(), ["communique_full_dev", "communique_rhetoric_dev"])
    results = {name: {k.removesuffix(",none"): v for k, v in of.items()} for name, of in found["results"].items()}
    for name, wanted in (("communique_full_dev", full(figures[0])), ("communique_rhetoric_dev", figures[1])):
        told = {of["metric"]: results[name][of["metric"]] for of in task(name.removesuffix("_dev"))["metric_list"]}
        assert told == {metric: wanted[metric] for metric in told}
        samples = tmp_path / f"samples_{name}.jsonl"
        samples.write_text("".join(json.dumps(one) + "\n" for one in found["samples"][name]), encoding="utf-8")
        code, out, _ = run("score", f"{RELEASE}:dev", samples, "--json")
        again = {(s["measure"], s["value"]) for s in json.loads(out)["scores"] if s["group"] == "all"}
        assert (code, set(told.items()) - {("invention-rate", told.get("invention-rate"))} <= again) == (0, True)


def test_a_tiny_random_model_goes_through_the_harness(manager, dev):
    needed = "the harness runs checkpoints with these: pip install 'lm-eval[hf]'"
    torch, transformers, _ = (pytest.importorskip(n, reason=needed) for n in ("torch", "transformers", "accelerate"))
    from lm_eval.models.huggingface import HFLM

    torch.manual_seed(13)
    shape = dict.fromkeys(("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"), 2)
    config = transformers.LlamaConfig(**shape, num_key_value_heads=1, vocab_size=400, max_position_embeddings=256)
    model = transformers.LlamaForCausalLM(config)
    lm = HFLM(pretrained=model, tokenizer=tokenizer(dev, transformers), batch_size=16, max_length=256, device="cpu")
    names = ["communique_full_dev", "communique_rhetoric_dev"]
    found = evaluated(manager, lm, names, limit=1, num_fewshot=1, gen_kwargs={"max_gen_toks": 16})
    assert {name: of["content,none"] for name, of in found["results"].items() if "full" in name} == {names[0]: 0.0}
    assert found["results"][names[1]]["accuracy,none"] in (0.0, 1.0)
    (sample,) = found["samples"][names[1]]
    contexts = {context for context, _ in sample["arguments"]}
    assert len(contexts) == 1
    (context,) = contexts
    assert context.count('{"types": {"c1": "') == 2  # that of the prompt, and that of the example
    assert context.endswith('\n\n{"types": {"c1":')


def tokenizer(documents, transformers):
    """Return one made of the words of some documents."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    made = Tokenizer(models.BPE(unk_token="?"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    texts = [document.text for document in documents]
    made.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=390, special_tokens=["?", "</s>"], show_progress=False)
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token="</s>", pad_token="</s>", unk_token="?"
    )


def test_every_block_of_the_page_works(root, run, tmp_path, monkeypatch):
    import re
    import runpy
    import shlex

    page = (root / "docs/howto/language-models.md").read_text(encoding="utf-8").replace("newest:dev", f"{RELEASE}:dev")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (program,) = (block for kind, block in blocks if kind == "python")
    (tmp_path / "answer.py").write_text(program, encoding="utf-8")
    printed = {}
    for line in next(block for kind, block in blocks if kind == "console").splitlines():
        name, *arguments = shlex.split(line.removeprefix("$ "))
        if name == "python":
            runpy.run_path(arguments[0])
            continue
        code, printed[arguments[0], len(printed)], err = run(*arguments)
        assert code == 0, err
    first, _, last = (out for (name, _), out in printed.items() if name in ("score", "evaluate"))
    assert first == last
    assert re.search(r"full +claim +content +all +[1-9]", first)
    for name in ("communique_full", "communique_rhetoric"):
        row = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        assert re.findall(r"`([^`]+)`", row)[1:] == [of["metric"] for of in task(name)["metric_list"]]
