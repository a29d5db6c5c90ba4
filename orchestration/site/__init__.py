"""The readers' site: pages drawn from the published file, without a script."""
