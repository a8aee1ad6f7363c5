"""`python -m agir_workflow`: the command `agir`, where its script is not on the path."""

from .cli import entry

if __name__ == "__main__":
    entry()
