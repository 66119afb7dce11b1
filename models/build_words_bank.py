"""Build the concept bank ``words``: what typed words look like to the bundled pack.

::

    captions.txt, classes.txt, WordNet ─▶ texts ─sentence encoder─▶ ┐
    photos ─bundled pack─▶ embeddings ─▶ targets of the texts ─────▶ ┴ regression ─▶ bank.npz
    classifier of EfficientNet-Lite0, projection of the pack ─▶ prototypes of the classes ─▶ concepts.onnx

Usage, from the top of the checkout, with the ``models`` extra and the sentence encoder in place::

    apt-get install wordnet-base
    python -m models.build_words_bank --photos FOLDER

The photos are those that the captions were written for, named by their number (``0000.jpg``). The same photos and
versions of the tools give the same bank. When the folder has a ``labels.json``, figures on its queries are printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from models.build_efficientnet_lite0 import load_weights
from models.build_projection import load_photo
from models.build_sentence_encoder import store_rows
from models.words_concepts import (
    FOLDER,
    Captioned,
    Concepts,
    classes_of,
    find_concepts,
    find_plurals,
    find_words,
    read_captions,
    read_classes,
    read_synonyms,
    shadow,
)
from models.words_files import LexiconParts, build_network, pack_bank, write_folder
from models.words_measure import (
    FOLDS,
    RANK_WEIGHT,
    Labels,
    average_precision,
    folds,
    mean_precision,
    measure_captions,
    read_labels,
    separation,
    surety,
)
from models.words_regression import (
    Regression,
    Rows,
    caption_rows,
    concept_rows,
    learn,
    posteriors,
    prototypes,
    tag_directions,
    tag_rows,
)
from models.words_wordnet import WordNet
from photofind.core.encoders.registry import open_encoder, resolve
from photofind.core.words.lexicon import Lexicon, count_content
from photofind.core.words.phrases import key_of, noun_forms, split_words, tidy
from photofind.core.words.sentence import SentenceEncoder

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

FEWEST_TAGGED: Final = 5  # photos from which on it can be told what finds them better
WORTHWHILE: Final = 0.85  # of the precision of a tag's direction; photos of other people differ more from the classes
FEWEST_CAPTIONED: Final = 3
LEAST_APART: Final = 0.7  # of the separation of the photos by the word's classes, where chance is 0.5
DOUBT: Final = 0.43  # 1.5 standard errors of the separation by chance, times the root of the number of photos
HOLLOW: Final = ("person",)  # its classes are the groom, the ballplayer and the scuba diver


class Sentences:
    """Embeddings of texts, each computed once."""

    def __init__(self) -> None:
        self._encoder = SentenceEncoder()
        self._known: dict[str, Floats] = {}

    @property
    def key(self) -> str:
        """The key of the encoder."""
        return self._encoder.key

    def rows(self, texts: Iterable[str]) -> Floats:
        """Return the embeddings of texts, shape (n, 384)."""
        rows = []
        for text in texts:
            if text not in self._known:
                self._known[text] = self._encoder.encode(text)
            rows.append(self._known[text])
        return np.stack(rows)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that the bank is made of; ``tagged`` is (photos, tags), ``words`` are tags with their synonyms."""

    names: tuple[str, ...]
    photos: Floats
    written: tuple[Captioned, ...]
    tags: tuple[str, ...]
    tagged: Bools
    synonyms: dict[str, tuple[str, ...]]
    concepts: Concepts
    directions: Floats
    lemmas: dict[str, set[int]]

    def words_for(self, number: int) -> tuple[str, ...]:
        """Return a tag, by its number, and the other words for it."""
        return (self.tags[number], *self.synonyms.get(self.tags[number], ()))

    def lemmas_for(self, number: int) -> set[str]:
        """Return those of the words for a tag that name concepts, as the lexicon finds them."""
        keys = [noun_forms(key_of(word)) for word in self.words_for(number)]
        return {lemma for forms in keys if (lemma := next((form for form in forms if form in self.lemmas), ""))}


def embed_photos(folder: Path, names: Sequence[str]) -> Floats:
    """Return the embeddings of photos by the bundled pack, shape (photos, dimension)."""
    encoder = open_encoder()  # one thread, which makes sums reproducible
    return np.stack([encoder.encode(load_photo(folder / name)) for name in names])


def read_projection() -> Floats:
    """Return the matrix by which the bundled pack projects pooled channels, shape (channels, dimension)."""
    network = onnx.load_model_from_string(resolve("efficientnet-lite0:fp32").pack.read_network("fp32"))
    stored = {constant.name: constant for constant in network.graph.initializer}
    return np.asarray(numpy_helper.to_array(stored["projection.matrix"]), np.float32)


def gather(photos: Floats, captioned: dict[str, Captioned], wordnet: WordNet) -> Material:
    """Return the material, given the embeddings of the captioned photos in their order."""
    written = tuple(captioned.values())
    tags = tuple(sorted({tag for photo in written for tag in photo.tags}))
    concepts = find_concepts(wordnet, read_classes())
    return Material(
        names=tuple(captioned),
        photos=photos,
        written=written,
        tags=tags,
        tagged=np.array([[tag in photo.tags for tag in tags] for photo in written]),
        synonyms=read_synonyms(),
        concepts=concepts,
        directions=quantized(prototypes(load_weights()["_fc.weight"], read_projection())),
        lemmas=find_words(wordnet, concepts),
    )


def quantized(rows: Floats) -> Floats:
    """Return rows as they are after being stored in 8 bits."""
    stored, scales = store_rows(rows)
    return stored * scales


def regression_rows(material: Material, sentences: Sentences, use: Bools) -> Rows:
    """Return what to learn from, of those photos only that may be used."""
    photo_of = np.array([row for row, photo in enumerate(material.written) for _ in photo.captions])
    captions = sentences.rows(caption for photo in material.written for caption in photo.captions)
    used = use[photo_of]
    seen = material.tagged[use].any(axis=0)
    directions = tag_directions(material.photos[use], material.tagged[use])
    words = [(word, number) for number in np.flatnonzero(seen).tolist() for word in material.words_for(number)]
    concepts = material.concepts
    return (
        caption_rows(captions[used], material.photos[photo_of[used]])
        + concept_rows(
            sentences.rows(concepts.names), sentences.rows(concepts.glosses), concepts.members, material.directions
        )
        + tag_rows(sentences.rows(word for word, _ in words), directions[[number for _, number in words]])
    )


def names_of_rows(material: Material) -> dict[int, str]:
    """Return which rows of the regression are names of concepts, tags or their synonyms, with these names."""
    captions = sum(len(photo.captions) for photo in material.written)
    concepts = material.concepts.names
    words = [word for number in range(len(material.tags)) for word in material.words_for(number)]
    names = dict(enumerate(concepts, captions))
    return names | dict(enumerate(words, captions + 2 * len(concepts)))


def find_shadowing(material: Material, use: Bools) -> set[str]:
    """Return the words for tags that had better name no classes: these spoil how well the tag's photos are found.

    The tag's direction is tried on photos that it was not learned from.
    """
    photos, tagged = material.photos[use], material.tagged[use]
    fold = folds(len(photos))
    scores = np.empty(tagged.shape, np.float32)
    for number in range(FOLDS):
        scores[fold == number] = (
            photos[fold == number] @ tag_directions(photos[fold != number], tagged[fold != number]).T
        )
    shares = posteriors(photos, material.directions)
    shadowing = set(HOLLOW)
    for column in np.flatnonzero(tagged.sum(axis=0) >= FEWEST_TAGGED).tolist():
        truth = tagged[:, column]
        least = WORTHWHILE * average_precision(scores[:, column], truth)
        for lemma in material.lemmas_for(column):
            masses = shares[:, classes_of(material.lemmas[lemma], material.concepts)].sum(axis=1)
            if average_precision(scores[:, column] + RANK_WEIGHT * surety(masses), truth) < least:
                shadowing.add(lemma)
    return shadowing


def find_misleading(material: Material, words: dict[str, set[int]], use: Bools) -> set[str]:
    """Return the words whose classes have little to do with the photos whose captions have the word.

    "Stands" is mostly no tripod, and neither is "orange" the fruit. A word that few captions have gets the benefit of
    the doubt.
    """
    classes = {word: classes_of(rows, material.concepts) for word, rows in words.items()}
    lexicon = Lexicon(classes, {}, b"")
    rows = np.flatnonzero(use)
    found: dict[str, set[int]] = {}
    for place, row in enumerate(rows.tolist()):
        for caption in material.written[row].captions:
            for phrase in lexicon.phrases(split_words(caption)):
                found.setdefault(phrase.label, set()).add(place)
    shares = posteriors(material.photos[rows], material.directions)
    misleading = set()
    for word, places in found.items():
        if word and len(places) >= FEWEST_CAPTIONED:
            doubt = DOUBT / len(places) ** 0.5
            apart = separation(shares[:, classes[word]].sum(axis=1), np.isin(np.arange(len(rows)), sorted(places)))
            if apart + doubt < LEAST_APART:
                misleading.add(word)
    return misleading


def learn_phrases(material: Material, use: Bools) -> dict[str, npt.NDArray[np.int64]]:
    """Return the phrases of the lexicon with their classes; of other words only neighbours that belong together."""
    words = shadow(material.lemmas, find_shadowing(material, use))
    for word in find_misleading(material, words, use):
        del words[word]
    phrases = {word: classes_of(rows, material.concepts) for word, rows in words.items()}
    looks = [key_of(word) for number in range(len(material.tags)) for word in material.words_for(number)]
    for look in looks:
        parts = look.split()
        # "two dogs" is no phrase, or else it would hide the dogs.
        if len(parts) > 1 and not any(form in phrases for part in [look, *parts] for form in noun_forms(part)):
            phrases[look] = np.empty(0, np.int64)
    return {phrase: phrases[phrase] for phrase in sorted(phrases)}


def list_vocabulary(material: Material, wordnet: WordNet, phrases: Iterable[str]) -> bytes:
    """Return every known word between line breaks: those of WordNet, of the captions and of the phrases."""
    written = [caption for photo in material.written for caption in photo.captions]
    written += [word for number in range(len(material.tags)) for word in material.words_for(number)]
    words = {word.key for text in (*written, *phrases) for word in split_words(text)}
    every = sorted({key for key in words | {key_of(word) for word in wordnet.words()} if key and " " not in key})
    return "\n".join(["", *every, ""]).encode()


def rank(
    lexicon: Lexicon, learned: Regression, material: Material, sentences: Sentences, text: str, photos: Floats
) -> Floats:
    """Return the scores of photos for a text, as the search adds them up."""
    scores: Floats = (learned(sentences.rows([text])) @ photos.T)[0]
    phrases = lexicon.phrases(split_words(tidy(text)))
    named = [phrase for phrase in phrases if phrase.classes.size]
    if named:
        shares = posteriors(photos, material.directions)
        sure = np.mean([surety(shares[:, phrase.classes].sum(axis=1)) for phrase in named], axis=0)
        scores = scores + RANK_WEIGHT * count_content(named) / count_content(phrases) * sure
    return scores


def print_figures(material: Material, sentences: Sentences, labels: Labels | None) -> None:
    """Print what the bank finds among photos that it was not made from."""
    photo_of = np.array([row for row, photo in enumerate(material.written) for _ in photo.captions])
    captions = sentences.rows(caption for photo in material.written for caption in photo.captions)
    labelled = np.isin(material.names, labels.photos if labels else ())

    def learn_on(use: Bools) -> Callable[[Floats], Floats]:
        return learn(regression_rows(material, sentences, use))

    first, ten = measure_captions(captions, photo_of, material.photos, ~labelled, learn_on)
    print(f"captions of photos that were left out, {FOLDS} folds: R@1 {first:.3f}, R@10 {ten:.3f} by the vector alone")
    if labels is None:
        return
    learned = learn(regression_rows(material, sentences, ~labelled))
    lexicon = Lexicon(learn_phrases(material, ~labelled), {}, b"")
    rows = material.photos[[material.names.index(name) for name in labels.photos]]
    scores = [rank(lexicon, learned, material, sentences, query.text, rows) for query in labels.queries]
    alone = learned(sentences.rows(query.text for query in labels.queries)) @ rows.T
    print(
        f"{len(labels.queries)} category words over {len(rows)} photos that were left out: "
        f"mAP {mean_precision(scores, labels):.3f}, by the vector alone {mean_precision(list(alone), labels):.3f}"
    )


def build(material: Material, wordnet: WordNet, sentences: Sentences, folder: Path) -> None:
    """Learn from everything and write the bank."""
    every = np.ones(len(material.photos), np.bool_)
    phrases = learn_phrases(material, every)
    lexicon = LexiconParts(phrases, find_plurals(wordnet, phrases), list_vocabulary(material, wordnet, phrases))
    rows = regression_rows(material, sentences, every)
    # Learned from the texts as they are stored, so that only the coefficients lose precision.
    learned = learn(Rows(quantized(rows.texts), rows.targets, rows.weights))
    bank = pack_bank(learned, names_of_rows(material), lexicon)
    network = build_network(material.directions).SerializeToString(deterministic=True)
    write_folder(folder, sentences.key, {"bank": ("bank.npz", bank), "concepts": ("concepts.onnx", network)})
    print(
        f"{len(learned.texts)} texts, {len(material.concepts.names)} concepts, {len(phrases)} phrases; "
        f"bank {len(bank) / 1e6:.1f} MB, network {len(network) / 1e6:.1f} MB"
    )


def main() -> None:
    """Parse the command line and build the bank."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=Path, required=True, help="the photos that the captions were written for")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"), help="WordNet's data files")
    parser.add_argument("--output", type=Path, default=FOLDER, help="the bank's folder")
    arguments = parser.parse_args()

    captioned = read_captions()
    if missing := [name for name in captioned if not (arguments.photos / name).is_file()]:
        parser.error(f"{len(missing)} of the captioned photos are not in {arguments.photos}, for example {missing[0]}")
    wordnet, sentences = WordNet(arguments.wordnet), Sentences()
    material = gather(embed_photos(arguments.photos, tuple(captioned)), captioned, wordnet)
    build(material, wordnet, sentences, arguments.output)
    print_figures(material, sentences, read_labels(arguments.photos))


if __name__ == "__main__":
    main()
