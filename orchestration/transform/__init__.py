"""Transform: the dbt project, run inside this process."""
