"""Where things are: the project, the home of everything written, the folders of input data.

Environment: GREENPARK_HOME (folder for everything written), GREENPARK_DATA (extra input folders,
separated like PATH), GREENPARK_KEEP (how many published versions are kept), GREENPARK_MEMORY (what
DuckDB may take of memory), GREENPARK_WITHOUT (origins whose files are left out), GREENPARK_SITE
(whether a refresh builds the readers' site, and with maps).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import GreenparkError

DATABASE_NAME = "greenpark.duckdb"  # also the catalog name that dbt writes into every view
EXCLUDABLE_ORIGINS = ("reconstructed", "derived")
SITE_SETTINGS = ("with_map", "without_map", "off")
KEPT_VERSIONS = 5  # unless GREENPARK_KEEP says otherwise; see kept_versions()


def _find_project_root() -> Path:
    for folder in Path(__file__).resolve().parents:
        if (folder / "pyproject.toml").is_file():
            return folder
    raise GreenparkError(
        f"no pyproject.toml in any folder above {__file__}",
        "run greenpark from its checkout: `make setup` installs it there in editable form",
    )


PROJECT_ROOT = _find_project_root()
DEFAULT_HOME = PROJECT_ROOT / "warehouse"


@dataclass(frozen=True)
class Home:
    """The folder that holds everything greenpark writes."""

    root: Path

    @classmethod
    def resolve(cls, path: str | Path | None = None) -> Home:
        """Return the home at `path`, else at GREENPARK_HOME, else `<project root>/warehouse`."""
        chosen = path or os.environ.get("GREENPARK_HOME") or DEFAULT_HOME
        return cls(Path(chosen).expanduser().resolve())

    def ensure(self) -> Home:
        """Create the folders that are missing and return the home itself.

        Raises GreenparkError when the place cannot be written, or holds files of somebody else: a
        build empties folders of its home.
        """
        if not self.marker.exists() and not self._is_free():
            raise GreenparkError(
                f"{self.root} is not empty and is no home of greenpark; nothing there was touched",
                "choose an empty or a new folder, with --home or GREENPARK_HOME",
            )
        folders = (self.releases, self.build, self.kept, self.logs, self.target, self.tmp)
        for folder in folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise GreenparkError(
                    f"cannot create {folder}: {error.strerror}",
                    "choose a folder you may write to, with --home or GREENPARK_HOME",
                ) from error
            # All but the versions hold what enterprises returned; each version has its own modes.
            if folder != self.releases:
                with suppress(OSError):  # of another owner, who has decided
                    folder.chmod(0o750)
        self.marker.touch()
        return self

    def _is_free(self) -> bool:
        """Whether a home may be made here: nothing is here, or a home older than its marker is."""
        try:
            names = {entry.name for entry in self.root.iterdir()}
        except OSError:  # not there, or no folder: said where the folders are made
            return True
        return not names or (
            "releases" in names and not names.isdisjoint({"current", "refresh.lock"})
        )

    @property
    def marker(self) -> Path:
        """An empty file that says that this folder is a home."""
        return self.root / ".greenpark"

    @property
    def current(self) -> Path:
        """The symlink that is swapped to the folder of the published version."""
        return self.root / "current"

    @property
    def database(self) -> Path:
        """The published database, by the path that stays the same from version to version."""
        return self.current / DATABASE_NAME

    @property
    def releases(self) -> Path:
        """One folder per version."""
        return self.root / "releases"

    @property
    def build(self) -> Path:
        """One folder per unfinished run; whatever is here belongs to no version."""
        return self.root / "build"

    @property
    def kept(self) -> Path:
        """What a refresh keeps for the next one (orchestration.keeping); no reader's business."""
        return self.root / "kept"

    @property
    def workbench(self) -> Path:
        """The work database, on which `greenpark model` builds one model; no reader's business."""
        return self.root / "workbench"

    @property
    def lock_file(self) -> Path:
        """Locked while a run changes the home. The file stays; only the lock comes and goes."""
        return self.root / "refresh.lock"

    @property
    def logs(self) -> Path:
        """Log files of the runs."""
        return self.root / "logs"

    @property
    def target(self) -> Path:
        """dbt's target folder, kept between runs for partial parsing."""
        return self.root / "cache" / "dbt"

    @property
    def tmp(self) -> Path:
        """Parent of DuckDB's spill folders. Never a temp_directory itself: see open_reader."""
        return self.root / "tmp"


def kept_versions() -> int:
    """Return how many published versions are kept: GREENPARK_KEEP, else KEPT_VERSIONS.

    Raises GreenparkError when GREENPARK_KEEP is not a whole number of at least 1.
    """
    text = os.environ.get("GREENPARK_KEEP")
    if not text:
        return KEPT_VERSIONS
    try:
        keep = int(text)
    except ValueError:
        keep = 0
    if keep < 1:
        raise GreenparkError(
            f"GREENPARK_KEEP is {text!r}, which is not a whole number of at least 1",
            f"set it to a number such as {KEPT_VERSIONS}, or unset it",
        )
    return keep


def memory_limit(sharers: int = 1) -> str:
    """What DuckDB may take in any step before it writes to disk: GREENPARK_MEMORY, such as `4GB`.

    By default half of what the machine has, or of what its control group may use. The limit is one
    of each database that is open, so those that are open at once, the `sharers`, part it. Raises
    GreenparkError when GREENPARK_MEMORY is not a size.
    """
    text = os.environ.get("GREENPARK_MEMORY")
    if not text:
        return f"{_memory_bytes() // 2 // sharers // 2**20}MiB"
    if not _SIZE.fullmatch(text):
        raise GreenparkError(
            f"GREENPARK_MEMORY is {text!r}, which is not a size",
            "write it as 4GB or 1500MiB, or unset it",
        )
    return text if sharers == 1 else f"{size_bytes(text) // sharers // 2**20}MiB"


_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])(i?)B", re.IGNORECASE)


def size_bytes(text: str) -> int:
    """How many bytes a size such as `4GB` or `1500MiB` is; raises GreenparkError if it is none."""
    found = _SIZE.fullmatch(text)
    if found is None:
        raise GreenparkError(f"{text!r} is no size", "write it as 4GB or 1500MiB")
    base = 1024 if found[3] else 1000
    return int(float(found[1]) * base ** (1 + "KMGT".index(found[2].upper())))


def _memory_bytes() -> int:
    """The memory of the machine, or the least that a control group of this process allows."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    try:
        groups = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        groups = []
    for line in groups:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            root, name = Path("/sys/fs/cgroup"), "memory.max"
        elif "memory" in controllers.split(","):
            root, name = Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"
        else:
            continue
        group = root / path.lstrip("/")
        # In a container the path is that of the host, and the root is the container's own group.
        for folder in (group, *group.parents):
            if folder == root.parent:
                break
            try:
                text = (folder / name).read_text(encoding="utf-8").strip()
            except OSError:
                continue
            if text.isdecimal():
                limits.append(int(text))
    return min(limits)


def excluded_origins(asked: Iterable[str] = ()) -> frozenset[str]:
    """The origins whose files are left out: those asked for and those of GREENPARK_WITHOUT.

    Raises GreenparkError for a word that is none of EXCLUDABLE_ORIGINS.
    """
    from_environment = os.environ.get("GREENPARK_WITHOUT", "").split(",")
    origins = frozenset(word.strip() for word in (*asked, *from_environment) if word.strip())
    for word in sorted(origins - set(EXCLUDABLE_ORIGINS)):
        raise GreenparkError(
            f"GREENPARK_WITHOUT is {word!r}, which is no origin that can be left out",
            f"the origins that can be left out are {', '.join(EXCLUDABLE_ORIGINS)}",
        )
    return origins


def site_setting() -> str:
    """Whether a refresh builds the site: GREENPARK_SITE, one of SITE_SETTINGS, else the first.

    Raises GreenparkError for any other word.
    """
    text = os.environ.get("GREENPARK_SITE") or SITE_SETTINGS[0]
    if text not in SITE_SETTINGS:
        raise GreenparkError(
            f"GREENPARK_SITE is {text!r}, which is no setting of the site",
            f"set it to one of {', '.join(SITE_SETTINGS)}, or unset it",
        )
    return text


def data_roots(extra: Sequence[Path] = ()) -> list[Path]:
    """Return the input folders in order: shipped seeds, GREENPARK_DATA, then `extra`.

    A folder named twice counts once, at its first place. Raises GreenparkError for a folder that
    does not exist, naming the folder and who asked for it.
    """
    shipped = PROJECT_ROOT / "seeds"
    from_environment = os.environ.get("GREENPARK_DATA", "").split(os.pathsep)
    asked = [(shipped, "the shipped input", f"restore it: git checkout -- {shipped.name}")]
    asked += [
        (Path(part), "named by GREENPARK_DATA", "correct or unset GREENPARK_DATA")
        for part in from_environment
        if part
    ]
    asked += [(Path(path), "named by --data", "correct the path given to --data") for path in extra]
    roots: dict[Path, None] = {}
    for path, asker, remedy in asked:
        folder = path.expanduser().resolve()
        if not folder.is_dir():
            raise GreenparkError(f"no such data folder: {path} ({asker})", remedy)
        roots[folder] = None
    return list(roots)
