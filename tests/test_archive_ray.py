"""Archives on Ray: the same shards to the byte, started here and on a cluster of two nodes on loopback."""

import json
import subprocess
import sys

import pytest

from communique import baselines

pytest.importorskip("ray", reason="Ray is not installed; pip install 'communique[ray]'")

CLUSTER = """
import subprocess, sys
from ray.cluster_utils import Cluster
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
cluster.add_node(num_cpus=1)
cluster.wait_for_nodes()
try:
    sys.exit(subprocess.run([*sys.argv[1:], "--address", cluster.address]).returncode)
finally:
    cluster.shutdown()
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Texts, a saved model, and what one process makes of them."""
    folder = tmp_path_factory.mktemp("archive")
    said = "Minister Aldo Fenn warned that shop {} would close. The harbour guild accused Orrin of delay.\n"
    lines = (json.dumps({"id": f"{n:03}", "text": said.format(n)}) + "\n" for n in range(40))
    (folder / "texts.jsonl").write_text("".join([*lines, "{}\n"]), encoding="utf-8")
    baselines.save(baselines.create("rules"), folder / "model")
    for model in ("rules", "model"):
        code, told = ran(command(model, f"here-{model}"), folder)
        assert code == 0, told
    return folder


def ran(arguments, folder):
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stderr


def command(model, output, *more):
    arguments = ["label", "texts.jsonl", "-o", output, "--model", model, "--shard", "3"]
    return [sys.executable, "-m", "communique", *arguments, *more]


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_ray_on_this_machine_makes_the_same_bytes(archive):
    arguments = command("rules", "ray", "--engine", "ray", "--jobs", "2")
    code, told = ran(arguments, archive)
    assert (code, [line.split()[1] for line in told.splitlines()]) == (0, ["labelled:", "not"]), told
    assert content(archive / "ray") == content(archive / "here-rules")


def test_a_cluster_of_two_nodes_makes_the_same_bytes(archive):
    arguments = command("model", "cluster", "--engine", "ray")
    started = [sys.executable, "-c", CLUSTER, *arguments]
    assert ran(started, archive)[0] == 0
    assert content(archive / "cluster") == content(archive / "here-model")


def test_no_cluster_at_an_address_is_one_sentence(archive):
    arguments = command("rules", "nowhere", "--engine", "ray", "--address", "127.0.0.1:1")
    code, told = ran(arguments, archive)
    assert (code, "127.0.0.1:1" in told, "Traceback" in told) == (2, True, False)
