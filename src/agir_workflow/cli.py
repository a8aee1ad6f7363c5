"""The command `agir`; what it does lies in `_commands`, behind the extra `cli`."""

from __future__ import annotations

import signal
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
    # Told to end (`kill`, a run of CI that is called off), it ends as when it is interrupted: no half-written file and no process at work is left.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())


if __name__ == "__main__":
    entry()
