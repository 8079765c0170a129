"""hatangso-dbt: the dbt program, for the nightly to start. It ends with the night, however that ends.

With the option --document a command that went well is followed by dbt's documentation as one page, in the same
process: loading dbt takes longer than writing it. Which project and which target, the environment says.
"""

from __future__ import annotations

import sys

from pipelines.left_out import FOR_TESTS, leave_out
from pipelines.orphans import end_with_parent

DOCUMENT = "--document"
# The command before it has compiled everything already.
DOCUMENTATION = ("docs", "generate", "--static", "--no-compile")


def main() -> None:
    """Run dbt with the arguments of the command line."""
    end_with_parent()
    leave_out(*FOR_TESTS)
    if DOCUMENT not in sys.argv:
        from dbt.cli.main import cli

        cli()
    from dbt.cli.main import dbtRunner

    done = dbtRunner().invoke([argument for argument in sys.argv[1:] if argument != DOCUMENT])
    if done.success:
        # Where it fails, the step that asks for the page tries again and says why.
        dbtRunner().invoke(list(DOCUMENTATION))
    sys.exit(0 if done.success else 1)


if __name__ == "__main__":
    main()
