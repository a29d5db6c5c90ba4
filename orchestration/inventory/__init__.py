"""The inventory report of a park: the facts of its account, once, and the files made of them."""
