"""Sets Superset up and imports a bundle; runs inside Superset's environment.

usage: python superset_import.py BUNDLE.zip PASSWORDS.json

Run again, it overwrites what has changed since and removes what the bundle has no more. What people
have made for themselves in Superset stays.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

ROLES = {"admin": "Admin", "analyst": "greenpark_analyst", "viewer": "greenpark_viewer"}
# What only those may who may change things.
CHANGES = ("can_write", "can_export", "can_add", "can_edit", "can_delete", "can_import")
# Where Gamma may write for itself: what it sees, how it filtered.
OWN = ("DashboardFilterStateRestApi", "DashboardPermalinkRestApi", "ExploreFormDataRestApi")
SQL_LAB = "sql_lab"


def main(bundle: Path, passwords: Path) -> None:
    """Set up, import, remove."""
    import yaml
    from superset.app import create_app

    # Superset reads YAML by the slow reader: half a minute for what this one does in two seconds.
    yaml.SafeLoader = yaml.CSafeLoader  # type: ignore[misc,assignment]

    app = create_app()
    with app.app_context():
        from flask import g
        from flask_migrate import upgrade

        upgrade(directory=str(Path(app.root_path) / "migrations"))
        from superset import appbuilder, security_manager

        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        _users(security_manager, json.loads(passwords.read_text(encoding="utf-8")))
        g.user = security_manager.find_user("admin")
        with zipfile.ZipFile(bundle) as archive:
            contents = {
                name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()
            }
        _import(contents, passwords.with_name("imported.json"))
        _roles(security_manager)


def _import(contents: dict[str, str], record: Path) -> None:
    """Import what is new or changed; an asset takes as long as it has columns."""
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in contents.items()}
    known = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    record.unlink(missing_ok=True)  # where this import breaks off, the next one takes all
    ids = {name: _uuid(text) for name, text in contents.items()}
    there = {str(asset.uuid) for model in _models() for asset in _managed(model)}
    changed = {
        name: text
        for name, text in contents.items()
        if known.get(name) != sums[name]
        or (ids[name] not in there and not name.startswith("databases/"))
        or name == "metadata.yaml"
    }
    if len(changed) > 1:
        ImportAssetsCommand(changed, sparse=True).run()
    removed = _remove(set(ids.values()))
    record.write_text(json.dumps(sums, indent=2) + "\n", encoding="utf-8")
    print(f"imported {len(changed) - 1} of {len(contents) - 1}, removed {removed}")


def _uuid(text: str) -> str:
    import yaml

    return str(yaml.load(text, yaml.CSafeLoader).get("uuid"))


def _models() -> tuple[Any, ...]:
    """Kinds of assets, in the order in which they are removed."""
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    return Dashboard, Slice, SqlaTable


def _managed(model: Any) -> list[Any]:
    """The assets of a kind that came by a bundle."""
    from superset import db

    return list(db.session.query(model).filter(model.is_managed_externally.is_(True)))


def _remove(kept: set[str]) -> int:
    """Remove what an earlier bundle had and this one has not."""
    from superset import db

    removed = 0
    for model in _models():
        for asset in _managed(model):
            if str(asset.uuid) not in kept:
                db.session.delete(asset)
                removed += 1
        db.session.commit()
    return removed


def _users(manager: Any, passwords: dict[str, str]) -> None:
    """One user of each role, with the password of the file."""
    for name, role in ROLES.items():
        found = manager.find_role(role) or manager.add_role(role)
        user = manager.find_user(name)
        if user is None:
            manager.add_user(name, name, "greenpark", f"{name}@localhost", found, passwords[name])
        else:
            manager.reset_password(user.id, passwords[name])


def _roles(manager: Any) -> None:
    """A viewer looks; an analyst asks in SQL Lab too and keeps charts of their own."""
    from superset import db
    from superset.models.core import Database

    gamma = manager.find_role("Gamma").permissions
    lab = manager.find_role(SQL_LAB).permissions
    database = db.session.query(Database).filter_by(database_name="greenpark").one()
    own = manager.find_permission_view_menu("database_access", database.perm)
    looks = [
        held
        for held in gamma
        if held.view_menu.name in OWN or not held.permission.name.startswith(CHANGES)
    ]
    for name, held in {"viewer": looks, "analyst": [*gamma, *lab]}.items():
        role = manager.find_role(ROLES[name])
        role.permissions = list(dict.fromkeys([*held, own]))
    db.session.commit()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
