"""Encoders: from a photo's pixels to its embedding, through a model pack."""

from photofind.core.encoders.onnx_image import OnnxImageEncoder
from photofind.core.encoders.pack import ModelPack, load_pack
from photofind.core.encoders.protocol import Encoder
from photofind.core.encoders.registry import (
    DEFAULT_PACK,
    Selection,
    find_pack,
    list_packs,
    open_encoder,
    resolve,
)

__all__ = [
    "DEFAULT_PACK",
    "Encoder",
    "ModelPack",
    "OnnxImageEncoder",
    "Selection",
    "find_pack",
    "list_packs",
    "load_pack",
    "open_encoder",
    "resolve",
]
