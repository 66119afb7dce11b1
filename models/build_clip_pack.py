r"""Make a model pack for words and photos from an OpenCLIP, MobileCLIP or SigLIP checkpoint.

Usage, from the top of the checkout, where the weights are and ``torch``, ``open_clip_torch``, ``onnx``, ``onnxscript``
and photofind are installed (SigLIP's tokenizer also wants ``transformers``)::

    python -m models.build_clip_pack ViT-B-32 --pretrained laion2b_s34b_b79k --name clip-vit-b-32 \
        --licence MIT --source https://github.com/mlfoundations/open_clip --out DIR

::

    uint8 (1, H, W, 3) ─planes, mean and spread of the training─▶ image tower ─▶ unit length   image.onnx
    int64 ids (1, n) ─▶ text tower ─▶ (1, dimension)                                          text.onnx

What the pack does is compared with what the checkpoint does, on pictures and on texts, before the pack is zipped. The
program prints the zip's sha256, which ``photofind model install`` wants when the zip is downloaded.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import string
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from torch import nn

from photofind.core.encoders import OnnxImageEncoder, load_pack, open_text_encoder, verify_pack
from photofind.core.encoders.input_rule import Filter, InputRule, Mode
from photofind.core.encoders.pack import ModelPack
from photofind.core.encoders.tokenizing import TextTokenizer

OPSET = 18
MODES: dict[str, Mode] = {"shortest": "crop", "squash": "squash", "longest": "pad"}
"""How OpenCLIP and a pack call the ways to make a square of a photo."""

LEAST_COSINE = 0.999
TEXTS = (
    "a photo of a cat",
    "Hello, World! It's 2021.",
    "caf\u00e9 \u5317\u4eac \U0001f600",
    "two  dogs\non a beach at night",
    "words " * 100,
)

_TOML = """\
# Written by models/build_clip_pack.py; models/README.md describes the format.
format = 2
name = "{name}"
version = "{version}"
description = "{description}"
licence = "{licence}"
source = "{source}"
dimension = {dimension}
default = "fp32"

[input]
mode = "{rule.mode}"
side = {rule.side}
resampling = "{rule.resampling}"

[variants.fp32]
{image}

[text]
length = {length}
padding = {padding}
prompt = "{prompt}"

[text.network]
{text}

[text.tokenizer]
kind = "{kind}"
{tokenizer}
"""


@dataclass(frozen=True)
class Tokens:
    """How a checkpoint makes ids of texts: the file for the pack, and its own function, (texts) -> (n, length)."""

    kind: str
    content: bytes
    length: int
    padding: int
    own: Callable[[list[str]], torch.Tensor]


class ImageTower(nn.Module):
    """Takes plain pixels, uint8 (1, H, W, 3); gives vectors of unit length. ``encode`` is the checkpoint's own part."""

    def __init__(self, encode: nn.Module, mean: Sequence[float], spread: Sequence[float]) -> None:
        super().__init__()
        self.encode = encode
        self.register_buffer("mean", torch.tensor(mean).reshape(1, 3, 1, 1) * 255)
        self.register_buffer("spread", torch.tensor(spread).reshape(1, 3, 1, 1) * 255)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Return vectors of shape (1, dimension)."""
        planes = image.permute(0, 3, 1, 2).to(torch.float32)
        return nn.functional.normalize(self.encode((planes - self.mean) / self.spread), dim=-1)


class Method(nn.Module):
    """One of a model's methods as a module of its own, so that the exporter finds the weights."""

    def __init__(self, model: nn.Module, name: str) -> None:
        super().__init__()
        self.model = model
        self.name = name

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Call the method."""
        return getattr(self.model, self.name)(values)


def export(tower: nn.Module, example: torch.Tensor, path: Path) -> None:
    """Write a tower as one ONNX file that takes exactly the shape of ``example``."""
    tower.eval()
    with torch.no_grad():
        program = torch.onnx.export(
            tower,
            (example,),
            dynamo=True,
            opset_version=OPSET,
            # Names that no layer of a model has: the exporter does not look for clashes.
            input_names=["pack_input"],
            output_names=["pack_output"],
            verbose=False,
        )
    program.save(str(path), external_data=False)
    # Names and source lines of the maker's machine do not belong in a pack.
    model = onnx.load(path)
    for node in model.graph.node:
        node.ClearField("metadata_props")
        node.ClearField("doc_string")
    path.write_bytes(model.SerializeToString(deterministic=True))


def described(path: Path) -> str:
    """Return the lines of ``pack.toml`` that describe a file."""
    content = path.read_bytes()
    return f'file = "{path.name}"\nbytes = {len(content)}\nsha256 = "{hashlib.sha256(content).hexdigest()}"'


def write_pack(
    folder: Path, image: ImageTower, text: nn.Module, rule: InputRule, tokens: Tokens, facts: dict[str, str]
) -> ModelPack:
    """Write all files of a pack; ``facts`` are its name, version, description, licence, source and prompt."""
    folder.mkdir(parents=True)
    export(image, torch.zeros(1, rule.side, rule.side, 3, dtype=torch.uint8), folder / "image.onnx")
    export(text, tokens.own(["a photo"])[:1].to(torch.int64), folder / "text.onnx")
    tokenizer = folder / ("tokenizer.json" if tokens.kind == "json" else "merges.txt.gz")
    tokenizer.write_bytes(tokens.content)
    with torch.no_grad():
        dimension = text(tokens.own(["a photo"])).shape[1]
    toml = _TOML.format(
        **facts,
        dimension=dimension,
        rule=rule,
        length=tokens.length,
        padding=tokens.padding,
        kind=tokens.kind,
        image=described(folder / "image.onnx"),
        text=described(folder / "text.onnx"),
        tokenizer=described(tokenizer),
    )
    (folder / "pack.toml").write_text(toml, encoding="utf-8")
    return load_pack(folder)


def check(pack: ModelPack, image: ImageTower, text: nn.Module, tokens: Tokens) -> None:
    """End the program unless the pack does what the checkpoint does."""
    from PIL import Image

    verify_pack(pack)
    if pack.text is None:
        raise SystemExit("The pack has no text network.")
    tokenizer, words, pictures = TextTokenizer(pack, pack.text), open_text_encoder(pack), OnnxImageEncoder(pack)
    with torch.no_grad():
        for sample in TEXTS:
            ids = tokens.own([pack.text.prompt.replace("{}", sample.strip())]).to(torch.int64)
            ours = tokenizer.ids(pack.text.prompt.replace("{}", sample.strip()))
            if ids.tolist() != ours.tolist():
                raise SystemExit(f"The tokenizers differ on {sample!r}: {ids.tolist()} and {ours.tolist()}.")
            _compare(sample, words.encode(sample), text(ids))
        random = np.random.default_rng(0)
        for number in range(4):
            coarse = random.integers(0, 256, (4 + number, 5, 3), dtype=np.uint8)
            picture = Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC)
            pixels = torch.from_numpy(pack.rule.apply(picture).copy())
            _compare(f"picture {number}", pictures.encode(picture), image(pixels))


def _compare(what: str, ours: np.ndarray, theirs: torch.Tensor) -> None:
    vector = theirs[0].to(torch.float64).numpy()
    cosine = float(ours @ vector / np.linalg.norm(vector))
    print(f"{what[:40]!r:45} cosine {cosine:.6f}")
    if not cosine >= LEAST_COSINE:
        raise SystemExit("The exported network does not do what the checkpoint does.")


def read_tokens(tokenizer: Any) -> Tokens:
    """Return the tokens of an OpenCLIP tokenizer: CLIP's own vocabulary, or one of the ``transformers`` library."""
    length = int(tokenizer.context_length)
    if not hasattr(tokenizer, "tokenizer"):
        import open_clip.tokenizer

        merges = Path(open_clip.tokenizer.default_bpe()).read_bytes()
        text = gzip.decompress(merges).decode().split("\n")[: 49_152 - 256 - 1]  # the published file goes on and on
        return Tokens("bpe", gzip.compress("\n".join(text).encode(), 9, mtime=0), length, 0, tokenizer)
    from tokenizers import Regex, Tokenizer, normalizers

    inner = tokenizer.tokenizer
    description = Tokenizer.from_str(inner.backend_tokenizer.to_str())
    if getattr(tokenizer.clean_fn, "__name__", "") == "_clean_canonicalize":  # as SigLIP was trained
        punctuation = "".join(f"\\{letter}" for letter in string.punctuation)
        steps = [
            normalizers.Replace(Regex(f"[{punctuation}]"), ""),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
        rest = [description.normalizer] if description.normalizer else []
        description.normalizer = normalizers.Sequence([*steps, *rest])
    return Tokens("json", description.to_str().encode(), length, int(inner.pad_token_id), tokenizer)


def read_rule(preprocessing: dict[str, Any]) -> InputRule:
    """Return the input rule that does what an OpenCLIP model's own preprocessing does to a photo."""
    size = preprocessing["size"]
    sides = {size} if isinstance(size, int) else set(size)
    if len(sides) != 1:
        raise SystemExit(f"A pack's pictures are squares; this model wants {size}.")
    resampling: Filter = "bilinear" if preprocessing["interpolation"] == "bilinear" else "bicubic"
    return InputRule(MODES[preprocessing["resize_mode"]], sides.pop(), resampling=resampling)


def zip_folder(folder: Path) -> Path:
    """Return a zip of the pack's files; the same files give the same bytes."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(f"{folder.name}/{file.name}")
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return path


def main() -> None:
    """Build, check and zip the pack that the command line asks for."""
    parser = argparse.ArgumentParser(description="Make a model pack from an OpenCLIP, MobileCLIP or SigLIP checkpoint.")
    parser.add_argument("model", help="OpenCLIP's name of the model: ViT-B-32, MobileCLIP-S1, ViT-B-16-SigLIP, …")
    parser.add_argument("--pretrained", required=True, help="tag of published weights, or a file; 'none' to try it out")
    parser.add_argument("--name", required=True, help="the pack's name")
    parser.add_argument("--licence", required=True, help="the licence of the weights")
    parser.add_argument("--source", required=True, help="where the weights come from")
    parser.add_argument("--version", default="1")
    parser.add_argument("--description", default="")
    parser.add_argument("--prompt", default="a photo of {}", help="what a query's words are put into")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pack and its zip")
    arguments = parser.parse_args()

    import open_clip

    pretrained = None if arguments.pretrained == "none" else arguments.pretrained
    model = open_clip.create_model(arguments.model, pretrained=pretrained, pretrained_text=False).eval()
    preprocessing = open_clip.get_model_preprocess_cfg(model)
    tokens = read_tokens(open_clip.get_tokenizer(arguments.model))
    image = ImageTower(Method(model, "encode_image"), preprocessing["mean"], preprocessing["std"]).eval()
    text = Method(model, "encode_text").eval()
    keys = ("name", "version", "description", "licence", "source", "prompt")
    facts = {key: getattr(arguments, key) for key in keys}
    pack = write_pack(arguments.out / arguments.name, image, text, read_rule(preprocessing), tokens, facts)
    check(pack, image, text, tokens)
    archive = zip_folder(pack.folder)
    print(f"{archive}\nsha256 {hashlib.sha256(archive.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
