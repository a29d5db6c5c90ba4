"""Reconstruction of the energy balances of Jiangsu's cities; see docs/city_reconstruction.md."""
