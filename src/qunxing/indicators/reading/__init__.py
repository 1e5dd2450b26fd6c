"""Published prose in, proposed claims out: text of a file, its sentences, its quantities, whose and of when.

No Django in here. What is found is proposed to people; nothing of it is a claim before somebody says so.
"""

from qunxing.indicators.reading.files import FileError, FileText, text_of
from qunxing.indicators.reading.proposals import AsOf, Found
from qunxing.indicators.reading.reader import Reading, read_text

__all__ = ["AsOf", "FileError", "FileText", "Found", "Reading", "read_text", "text_of"]
