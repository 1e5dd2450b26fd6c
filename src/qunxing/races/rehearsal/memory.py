"""What the rehearsal of a race remembers beside the database."""

from dataclasses import dataclass, field
from datetime import datetime

from qunxing.challenges.rehearsal.memory import Memory


@dataclass
class RaceMemory(Memory):
    """`files`: {digest: the bytes that were handed in}, `frozen`: {stage: digest of its plan}, `over`: {lane: since
    when it is over}.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    frozen: dict[str, str] = field(default_factory=dict)
    over: dict[str, datetime] = field(default_factory=dict)
