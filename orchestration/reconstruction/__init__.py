"""Scripts that rebuild data nobody published, from what was published about them."""

import os

# Before numpy is read: its matrices are small, so that threads wait for each other three quarters
# of their seconds, and a sum comes out the same on any number of processors.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
