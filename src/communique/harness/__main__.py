"""`python -m communique.harness` prints the folder of the tasks, for ``--include_path``."""

from communique.harness import TASKS

if __name__ == "__main__":
    print(TASKS)
