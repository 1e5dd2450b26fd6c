"""Reports: the language of their templates, what they say on a day, and that as a document, a workbook and JSON."""
