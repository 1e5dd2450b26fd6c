"""One organisation, once: names alike are found, weighed and shown, and two records joined into one."""
