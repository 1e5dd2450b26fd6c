"""The demand side: scenarios that hospitals, state firms and bureaus want solved, and their life."""
