"""The clusters of parks against scikit-learn, and the choice of medoids against brute force."""

from __future__ import annotations

from itertools import combinations

import duckdb
import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_samples

FEATURES = ("two_high_output_share", "coal_coke_share", "electricity_heat_share")
YEARS = (2016, 2018, 2020)


def _parks(warehouse: duckdb.DuckDBPyConnection, year: int) -> tuple[np.ndarray, list[tuple]]:
    """Standard scores, computed here, and what the mart says of each park."""
    rows = warehouse.execute(
        f"""
        select {", ".join(FEATURES)}, park_id, quadrant, cluster, medoid_park_id, silhouette
        from all_levels.park_types where year = ? order by park_id
        """,
        [year],
    ).fetchall()
    shares = np.array([row[:3] for row in rows], dtype=float)
    return (shares - shares.mean(axis=0)) / shares.std(axis=0), [row[3:] for row in rows]


@pytest.mark.parametrize("year", YEARS)
def test_silhouettes_are_those_of_scikit_learn(
    warehouse: duckdb.DuckDBPyConnection, year: int
) -> None:
    scores, parks = _parks(warehouse, year)
    clusters = [park[2] for park in parks]
    expected = silhouette_samples(scores, clusters)
    assert np.allclose([park[4] for park in parks], expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("year", YEARS)
def test_the_medoids_are_the_best_of_all_sets(
    warehouse: duckdb.DuckDBPyConnection, year: int
) -> None:
    scores, parks = _parks(warehouse, year)
    distances = np.linalg.norm(scores[:, None] - scores[None, :], axis=2)
    names = [park[0] for park in parks]
    chosen = sorted({park[3] for park in parks})
    best = min(
        combinations(range(len(names)), len(chosen)),
        key=lambda medoids: distances[:, medoids].min(axis=1).sum(),
    )
    assert [names[index] for index in best] == chosen


@pytest.mark.parametrize("year", YEARS)
def test_agreement_with_the_quadrants_is_that_of_scikit_learn(
    warehouse: duckdb.DuckDBPyConnection, year: int
) -> None:
    _, parks = _parks(warehouse, year)
    ((found,),) = warehouse.execute(
        "select adjusted_rand_index from all_levels.park_type_agreement "
        "where year = ? and is_chosen",
        [year],
    ).fetchall()
    expected = adjusted_rand_score([park[1] for park in parks], [park[2] for park in parks])
    assert found == pytest.approx(expected, abs=1e-9)


def test_k_means_finds_nearly_the_same_groups(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Another algorithm, by others: the groups are in the data and not in ours alone."""
    scores, parks = _parks(warehouse, 2020)
    clusters = [park[2] for park in parks]
    labels = KMeans(len(set(clusters)), n_init=50, random_state=0).fit_predict(scores)
    assert adjusted_rand_score(labels, clusters) > 0.8


def test_the_number_of_clusters_is_the_one_of_the_best_silhouette(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        """
        select year, count(*), count(*) filter (is_chosen),
            max(mean_silhouette) = max(mean_silhouette) filter (is_chosen)
        from all_levels.park_type_agreement group by year order by year
        """
    ).fetchall()
    assert rows == [(year, 3, 1, True) for year in range(2016, 2021)]


def test_three_clusters_are_nearly_the_quadrants(warehouse: duckdb.DuckDBPyConnection) -> None:
    """With as many clusters as there are quadrants the groupings agree far better than chance."""
    ((worst,),) = warehouse.execute(
        "select min(adjusted_rand_index) from all_levels.park_type_agreement "
        "where cluster_count = 3"
    ).fetchall()
    assert worst > 0.8
