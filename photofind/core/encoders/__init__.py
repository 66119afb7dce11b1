"""Encoders: from a photo's pixels, or from words, to an embedding, through a model pack."""

from photofind.core.encoders.onnx_image import OnnxImageEncoder
from photofind.core.encoders.onnx_text import OnnxTextEncoder
from photofind.core.encoders.pack import ModelPack, load_pack
from photofind.core.encoders.protocol import Encoder, TextEncoder
from photofind.core.encoders.registry import (
    DEFAULT_PACK,
    Selection,
    find_pack,
    is_bundled,
    list_packs,
    open_encoder,
    open_query_encoder,
    open_query_text_encoder,
    open_text_encoder,
    resolve,
    verify_pack,
)

__all__ = [
    "DEFAULT_PACK",
    "Encoder",
    "ModelPack",
    "OnnxImageEncoder",
    "OnnxTextEncoder",
    "Selection",
    "TextEncoder",
    "find_pack",
    "is_bundled",
    "list_packs",
    "load_pack",
    "open_encoder",
    "open_query_encoder",
    "open_query_text_encoder",
    "open_text_encoder",
    "resolve",
    "verify_pack",
]
