"""Where files and code are others at once: what does the code move by itself?

What is landed is still that of the version before. The code is built of it before anything is
landed, and what moves then no file moved. It costs a look at the keys of all nodes where only files
are others, and else the building of what the code changes, once more than without.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from orchestration.keeping.store import PUBLISHED
from orchestration.publishing import releases

if TYPE_CHECKING:
    from orchestration.session import Session

HEADING = "files and code are others; of the files of the version before, the code alone moves:"


def judge(session: Session) -> None:
    """Note which figures code moves by itself, and why; what it was built of stays as it is.

    Nothing if that cannot be known: in a first version, where what is landed is not that of the
    version before, or of code that asks for the new files. Raises GreenparkError where figures move
    and nobody says why.
    """
    from orchestration.keeping import nodes
    from orchestration.publishing.finalise import hash_tables
    from orchestration.publishing.fresh import copy_published
    from orchestration.session import BUILT, LANDED, show_progress

    if session.refusal is not None:  # Dagster tries again
        raise session.refusal
    is_asked = session.is_as_before and not session.is_of_same_files and not session.full
    if not is_asked or session.engine != "duckdb":
        return
    store = session.store
    if session.before.get(LANDED) != store.landed_key():
        return
    results = nodes.build(
        session.home, store, session.variables, session.parse(), show_progress(), with_tests=False
    )
    if any(result.failed for result in results):
        session.say("figures are not compared: the code cannot be built of the files before")
    elif store.built_key() != session.before.get(BUILT):
        fresh = releases.new_build(session.home, session.run_id)
        try:
            copy_published(session.database, fresh, store.folder / PUBLISHED)
            hash_tables(fresh, session.database)
            session.note_moves(fresh, HEADING)
        finally:
            shutil.rmtree(fresh.parent)
