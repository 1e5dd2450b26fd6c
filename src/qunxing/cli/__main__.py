"""``python -m qunxing.cli`` is the program too."""

from qunxing.cli import main

main()
