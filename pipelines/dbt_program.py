"""hatangso-dbt: the dbt program, for the nightly to start. It ends with the night, however that ends."""

from __future__ import annotations

from pipelines.orphans import end_with_parent


def main() -> None:
    """Run dbt with the arguments of the command line."""
    end_with_parent()
    from dbt.cli.main import cli

    cli()


if __name__ == "__main__":
    main()
