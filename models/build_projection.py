"""Learning the projection: which 512 directions of the 1280 pooled channels to keep, and at which scale.

Channels of a classifier are correlated, and a few of them are on in most photos. Centring removes what all photos
share, PCA keeps the directions in which photos differ, and dividing by a power of the eigenvalue ("shrunk
whitening") stops the strongest directions from deciding every comparison. It has to be learned on photos of every
kind: learned on one kind, it treats what sets that kind apart as commonplace.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from PIL import Image, ImageOps

from models.build_graph import INPUT_NAME, POOLED_NAME, Projection
from photofind.core.encoders.input_rule import InputRule

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def list_photos(folder: Path) -> list[Path]:
    """Return the photos below ``folder`` in an order that does not depend on the file system."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PHOTO_SUFFIXES)


def load_photo(path: Path) -> Image.Image:
    """Return a photo as an upright RGB image."""
    with Image.open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def open_session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """Open a model on one thread, which also makes its sums reproducible."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def pool_photos(model: onnx.ModelProto, photos: Iterable[Path], rule: InputRule) -> npt.NDArray[np.float32]:
    """Return the pooled unit vectors of ``photos``, shape (photos, 1280)."""
    session = open_session(model)
    rows = [session.run([POOLED_NAME], {INPUT_NAME: rule.apply(load_photo(path))})[0][0] for path in photos]
    return np.stack(rows)


def learn_projection(pooled: npt.NDArray[np.float32], dimension: int, whitening: float) -> Projection:
    """Learn centre and matrix from pooled vectors.

    Parameters
    ----------
    pooled
        Shape (photos, channels), unit rows; there must be more photos than ``dimension``.
    dimension
        Directions to keep, strongest first.
    whitening
        Power of the eigenvalue to divide by: 0 is plain PCA, 0.5 full whitening.
    """
    if len(pooled) <= dimension:
        raise ValueError(f"{len(pooled)} photos cannot determine {dimension} directions")
    centre = pooled.mean(axis=0, dtype=np.float64)
    centred = pooled - centre
    eigenvalues, eigenvectors = np.linalg.eigh(centred.T @ centred / len(pooled))
    strongest = np.argsort(eigenvalues)[::-1][:dimension]
    directions = eigenvectors[:, strongest]
    # An eigenvector's sign is arbitrary and differs between linear algebra libraries: fix it.
    peaks = directions[np.abs(directions).argmax(axis=0), np.arange(dimension)]
    matrix = directions * np.sign(peaks) / eigenvalues[strongest] ** whitening
    return Projection(centre.astype(np.float32), matrix.astype(np.float32))
