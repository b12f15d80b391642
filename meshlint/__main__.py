"""Let `python -m meshlint` be the command line."""

from meshlint.cli import main

main()
