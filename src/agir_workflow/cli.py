"""The command `agir`; what it does lies in `_commands`, behind the extra `cli`."""

from __future__ import annotations

import sys

from .errors import MissingExtraError

INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run `agir` and give its exit code: 0 done, 1 refused, 2 bad input, 3 conflict, 4 internal."""
    try:
        from ._commands import run
    except ModuleNotFoundError as exc:
        if exc.name is None or exc.name.partition(".")[0] not in ("click", "rich"):
            raise
        print(MissingExtraError("cli", exc.name), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    return run(sys.argv[1:] if argv is None else argv)


def entry() -> None:
    sys.exit(main())


if __name__ == "__main__":
    entry()
