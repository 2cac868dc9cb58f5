"""The command on the installation: doctor."""

import sys

from communique.cli.options import Json, draw, say, say_json


def doctor(as_json: Json = False) -> None:
    """Look whether all is in order: versions, releases and their checksums, extras, checkpoints, variables, folders."""
    from communique.report.doctor import State, checks, grid

    found = checks()
    broken = sum(one.state is State.BROKEN for one in found)
    if as_json:
        say_json({"checks": found, "broken": broken})
    else:
        draw(grid(found))
        say(f"{broken} of {len(found)} are broken" if broken else "nothing is broken")
    sys.exit(1 if broken else 0)
