"""Labels: pairs of scenario and firm graded by two raters who see neither rank nor each other, and how they agree."""
