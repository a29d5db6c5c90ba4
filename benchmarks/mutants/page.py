def write_page(rows, seed, whole):
    from collections import Counter

    return str(Counter(r["outcome"] for r in rows))
