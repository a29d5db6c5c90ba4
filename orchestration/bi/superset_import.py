"""Sets Superset up and imports a bundle; runs inside Superset's environment.

usage: python superset_import.py BUNDLE.zip PASSWORDS.json

Run again, it overwrites what the bundle has and removes what it has no more. What people have made
for themselves in Superset stays.
"""

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
    yaml.SafeLoader = yaml.CSafeLoader  # type: ignore[misc]

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
        _import(contents)
        _roles(security_manager)


def _import(contents: dict[str, str]) -> None:
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    ImportAssetsCommand(contents).run()
    removed = _remove(contents)
    print(f"imported {len(contents) - 1}, removed {removed}")


def _remove(contents: dict[str, str]) -> int:
    """Remove what an earlier bundle had and this one has not."""
    import yaml
    from superset import db
    from superset.connectors.sqla.models import SqlaTable
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    kept = {
        str(yaml.load(text, yaml.CSafeLoader).get("uuid"))
        for name, text in contents.items()
        if name != "metadata.yaml"
    }
    removed = 0
    for model in (Dashboard, Slice, SqlaTable):
        for asset in db.session.query(model).filter(model.is_managed_externally.is_(True)):
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
