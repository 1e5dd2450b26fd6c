"""What figures and returns go through."""
