"""Finding packs and opening encoders by name.

A *spec* names an encoder: ``"efficientnet-lite0"`` is a pack in its default variant, ``"efficientnet-lite0:int8"``
a variant of it, and ``""`` the pack that comes with the program. Bundled packs are looked up first, so that no
folder that a user installs can take the place of the one that libraries were built with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photofind.core import paths
from photofind.core.encoders.onnx_image import OnnxImageEncoder
from photofind.core.encoders.onnx_text import OnnxTextEncoder
from photofind.core.encoders.pack import NAME_PATTERN, PACK_FILE, ModelPack, load_pack
from photofind.core.encoders.protocol import Encoder, TextEncoder
from photofind.core.errors import PackError, PackMissingError

DEFAULT_PACK: Final = "efficientnet-lite0"


@dataclass(frozen=True, slots=True)
class Selection:
    """A pack and one of its variants: everything about an encoder that can be known without opening it."""

    pack: ModelPack
    variant: str

    @property
    def key(self) -> str:
        """The key that the opened encoder will have."""
        return self.pack.key(self.variant)

    @property
    def spec(self) -> str:
        """The spec that leads here again."""
        return f"{self.pack.name}:{self.variant}"


def pack_folders() -> tuple[Path, ...]:
    """Return the folders that hold packs, in the order in which they are searched."""
    return paths.bundled_models(), paths.user_models()


def find_pack(name: str, *folders: Path) -> ModelPack:
    """Return the first pack of this name in ``folders`` (by default the bundled ones, then the user's).

    Raises
    ------
    PackMissingError
        There is none.
    PackError
        The one that is there is not sound.
    """
    if not NAME_PATTERN.fullmatch(name):
        raise PackError(f"{name!r} cannot be the name of a model pack.")
    for parent in folders or pack_folders():
        folder = parent / name
        if (folder / PACK_FILE).is_file():
            pack = load_pack(folder)
            if pack.name != name:
                raise PackError(f"The folder {folder} holds the model pack {pack.name}; rename the folder to that.")
            return pack
    raise PackMissingError(f"There is no model pack {name}; install it or choose another in the settings.")


def list_packs(*folders: Path) -> tuple[list[ModelPack], list[PackError]]:
    """Return the sound packs in ``folders`` (by default all), and what is wrong with the others.

    A pack that an earlier folder hides is left out: it could not be opened by its name.
    """
    packs: dict[str, ModelPack] = {}
    problems: list[PackError] = []
    for parent in folders or pack_folders():
        for description in sorted(parent.glob(f"*/{PACK_FILE}")):
            name = description.parent.name
            if name in packs:
                continue
            try:
                packs[name] = find_pack(name, parent)
            except PackError as error:
                problems.append(error)
    return list(packs.values()), problems


def resolve(spec: str) -> Selection:
    """Return the pack and variant that ``spec`` names, without opening the network; raise PackError if none."""
    name, _, variant = (spec or DEFAULT_PACK).partition(":")
    pack = find_pack(name)
    return Selection(pack, pack.variant(variant).name)


def open_encoder(spec: str = "", *, threads: int = 1) -> Encoder:
    """Open the encoder that ``spec`` names, with ``threads`` processor threads; raise PackError if it cannot."""
    selection = resolve(spec)
    return OnnxImageEncoder(selection.pack, selection.variant, threads=threads)


def open_text_encoder(pack: ModelPack, threads: int = 1) -> TextEncoder:
    """Open the text network of a pack, with ``threads`` processor threads; raise PackError if it has none or cannot."""
    return OnnxTextEncoder(pack, threads=threads)


def is_bundled(pack: ModelPack) -> bool:
    """Tell whether a pack comes with photofind, so that its networks are known to do no harm."""
    return pack.folder.parent == paths.bundled_models()


def open_query_encoder(spec: str = "") -> Encoder:
    """Open the encoder that ``spec`` names for who must outlive it: a foreign network runs in a process apart.

    Raises PackError if it cannot; its encoder raises that too, when the network takes too long or too much memory.
    """
    selection = resolve(spec)
    if is_bundled(selection.pack):
        return OnnxImageEncoder(selection.pack, selection.variant)
    from photofind.core.encoders.apart import ApartImageEncoder

    return ApartImageEncoder(selection.pack, selection.variant)


def open_query_text_encoder(pack: ModelPack, threads: int = 1) -> TextEncoder:
    """Open the text network of a pack for who must outlive it, as :func:`open_query_encoder` does."""
    if pack.text is None or is_bundled(pack):
        return OnnxTextEncoder(pack, threads=threads)
    from photofind.core.encoders.apart import ApartTextEncoder

    return ApartTextEncoder(pack, threads=threads)


def verify_pack(pack: ModelPack) -> None:
    """Open every network of a pack and try it on a made-up picture or text; raise PackError if any is not sound."""
    for variant in pack.variants:
        OnnxImageEncoder(pack, variant).check_repeatable()
    if pack.has_text:
        OnnxTextEncoder(pack)
