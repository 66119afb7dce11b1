"""Print the tables that justify the choices of ``build_efficientnet_lite0``.

Usage, from the top of the checkout, with the ``models`` extra installed::

    python -m models.measure_efficientnet_lite0 --photos DIR --eval DIR

Every row learns its own projection from ``--photos`` and is scored on the retrieval part of ``--eval``; apart from
what its table varies, it is built like the shipped pack. Takes about five minutes on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.build_efficientnet_lite0 import DIMENSION, POOLING_POWER, RULE, WHITENING, load_weights
from models.build_graph import CHANNELS, INPUT_NAME, MAP_NAME, Weights, build_graph
from models.build_projection import learn_projection, list_photos, load_photo, open_session
from photofind.core.encoders.input_rule import InputRule
from tests.benchmarks.bench_retrieval_table import RetrievalQuery, mean_average_precision, read_queries

POWERS = (1.0, 2.0, 3.0, 4.0)
RULES = (
    InputRule("crop", 224, resampling="lanczos"),
    *(replace(RULE, side=side) for side in (256, 288, 320, 352, 384)),
    *(replace(RULE, resampling=resampling) for resampling in ("bilinear", "bicubic")),
)
PROJECTIONS = (
    *((dimension, WHITENING) for dimension in (256, 384, 512, 768)),
    *((DIMENSION, whitening) for whitening in (0.0, 0.15, 0.35, 0.5)),
)


@dataclass(frozen=True)
class Material:
    """What every row is learned from and scored on; ``general`` come first in every array of pooled vectors."""

    general: list[Path]
    evaluated: list[Path]
    names: list[str]
    queries: list[RetrievalQuery]

    def score(self, pooled: npt.NDArray[np.float32], dimension: int, whitening: float) -> dict[str, float]:
        """Return mAP by subset of pooled vectors after a projection learned from the general ones."""
        projection = learn_projection(pooled[: len(self.general)], dimension, whitening)
        embeddings = unit_rows((pooled[len(self.general) :] - projection.centre) @ projection.matrix)
        return mean_average_precision(self.queries, self.names, embeddings)


def unit_rows(rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return rows scaled to unit length."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def pool_by_power(weights: Weights, material: Material, rule: InputRule) -> dict[float, npt.NDArray[np.float32]]:
    """Return the pooled unit vectors of all photos for each power, from one pass through the network."""
    session = open_session(build_graph(weights, power=POOLING_POWER))
    rows: dict[float, list[npt.NDArray[np.float32]]] = {power: [] for power in POWERS}
    for path in material.general + material.evaluated:
        feature_map = session.run([MAP_NAME], {INPUT_NAME: rule.apply(load_photo(path))})[0]
        positions = feature_map.reshape(CHANNELS, -1)
        for power in POWERS:
            rows[power].append((positions**power).mean(axis=1) ** (1 / power))
    return {power: unit_rows(np.stack(vectors)) for power, vectors in rows.items()}


def measure(weights: Weights, material: Material) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield label and scores of each row."""
    for rule in RULES:
        pooled = pool_by_power(weights, material, rule)
        label = f"{rule.mode} {rule.side}, {rule.resampling}"
        yield f"{label}, power {POOLING_POWER:g}", material.score(pooled[POOLING_POWER], DIMENSION, WHITENING)
        if rule != RULE:
            continue
        for power in POWERS:
            yield f"{label}, power {power:g}", material.score(pooled[power], DIMENSION, WHITENING)
        for dimension, whitening in PROJECTIONS:
            scores = material.score(pooled[POOLING_POWER], dimension, whitening)
            yield f"{dimension}-d, whitening {whitening:g}", scores
        plain = unit_rows(pooled[POOLING_POWER][len(material.general) :])
        scores = mean_average_precision(material.queries, material.names, plain)
        yield f"{CHANNELS}-d, no projection", scores


def main() -> None:
    """Print one table of all rows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=Path, required=True, help="general photos to learn from")
    parser.add_argument("--eval", type=Path, required=True, help="evaluation set with queries.json")
    arguments = parser.parse_args()
    evaluated = list_photos(arguments.eval / "retrieval")
    material = Material(
        general=list_photos(arguments.photos),
        evaluated=evaluated,
        names=[path.relative_to(arguments.eval).as_posix() for path in evaluated],
        queries=read_queries(arguments.eval),
    )
    subsets = sorted({query.subset for query in material.queries})
    print("| fp32 |", " | ".join(subsets), "|")
    print("|---|" + "---|" * len(subsets))
    for label, scores in measure(load_weights(), material):
        print(f"| {label} |", " | ".join(f"{scores[subset]:.4f}" for subset in subsets), "|", flush=True)


if __name__ == "__main__":
    main()
