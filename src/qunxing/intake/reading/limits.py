"""How much a file may ask of the machine before it is refused."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes unless said otherwise; every one can be set by the caller."""

    file_bytes: int = 200 * MEBIBYTE
    unpacked_bytes: int = 1024 * MEBIBYTE  # of all parts of a zipped workbook, as its directory states them
    ratio: int = 200  # unpacked to packed; judged only for parts above `ratio_floor`
    ratio_floor: int = 16 * MEBIBYTE
    parts: int = 5_000  # entries in a zipped workbook
    cell_characters: int = 100_000
    rows: int = 1_048_576
    columns: int = 16_384
    memory_bytes: int = 2048 * MEBIBYTE  # address space of the process that opens a workbook
    seconds: int = 120  # CPU time of that process


DEFAULT = Limits()
