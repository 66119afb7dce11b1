"""What the health of an index means, in words for people who have never heard of inverted lists."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from photofind.core.health import IndexHealth, Reason, Unindexed
from photofind.gui import numbers

_MINUTE = 60.0
_FEWEST = 2  # one photo has no neighbour


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with what it is and what it means; ``worries`` when it is not as it should be."""

    label: str
    value: str
    note: str
    worries: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """What one kind of upkeep would do: in a sentence, whether it is worth while, and whether it can be done."""

    sentence: str
    worth: bool
    possible: bool


class HealthWords(QObject):
    """Writes the sentences; an object for its translations only."""

    # The whole

    def verdict(self, health: IndexHealth) -> str:
        """Return how the index is, in one sentence."""
        if health.problems:
            return self.tr("Files of the index are damaged. Searches still work, but slower; train the index anew.")
        if health.unindexed is not None:
            return self._why_none(health.unindexed)
        if health.reclustering.worth:
            return self.tr("The index works, but no longer suits the photos well: train it anew.")
        if health.compaction.worth:
            return self.tr("The index works; compacting it would make searches faster.")
        return self.tr("The index is in good shape.")

    def worries(self, health: IndexHealth) -> bool:
        """Tell whether something should be done."""
        return bool(health.problems) or health.reclustering.worth or health.compaction.worth

    def _why_none(self, reason: Unindexed) -> str:
        if reason is Unindexed.EMPTY:
            return self.tr("There is no index yet, because no photo has been read.")
        if reason is Unindexed.FEW:
            return self.tr("There are so few photos that each search compares all of them: that is exact, and fast.")
        return self.tr("There is no index yet; the next rescan makes one.")

    # What upkeep would do

    def measuring(self, health: IndexHealth) -> Offer:
        """Return what is known of the accuracy of searches, or would be."""
        accuracy = health.accuracy
        if health.vectors < _FEWEST:
            return Offer(self.tr("Nothing can be measured with fewer than two photos."), worth=False, possible=False)
        if accuracy is None:
            words = self.tr(
                "Not measured yet: how many of the most similar photos searches find, and how long they take."
            )
            return Offer(words, worth=not health.problems, possible=True)
        words = self.tr("Measured with {queries} photos on {when}. It is measured again when the library has grown.")
        queries = numbers.grouped(accuracy.queries)
        return Offer(
            words.format(queries=queries, when=numbers.moment(accuracy.measured_at)), worth=False, possible=True
        )

    def compaction(self, health: IndexHealth) -> Offer:
        """Return what compacting would do."""
        plan = health.compaction
        if health.problems:
            damaged = self.tr("A damaged index cannot be compacted; train it anew.")
            return Offer(damaged, worth=False, possible=False)
        if not plan.segments_before:
            return Offer(self.tr("There is no segment to compact."), worth=False, possible=False)
        if plan.segments_after == plan.segments_before and not plan.dead:
            return Offer(self.tr("There is nothing to compact."), worth=False, possible=False)
        if plan.segments_after == plan.segments_before:
            words = self.tr("Leaves out dead vectors ({dead}) and frees {size}; takes {time}.")
        elif not plan.dead:
            words = self.tr("Merges {before} segments into {after} and frees {size}; takes {time}.")
        else:
            words = self.tr(
                "Merges {before} segments into {after}, leaves out dead vectors ({dead}), frees {size}; takes {time}."
            )
        words = words.format(
            after=numbers.grouped(plan.segments_after),
            before=numbers.grouped(plan.segments_before),
            dead=numbers.grouped(plan.dead),
            size=numbers.data_size(plan.bytes_freed),
            time=self._about(plan.seconds),
        )
        return Offer(words if plan.worth else self.tr("Not needed. {}").format(words), plan.worth, possible=True)

    def training(self, health: IndexHealth) -> Offer:
        """Return what training anew would do, and why."""
        plan = health.reclustering
        if not plan.nlist_after:
            few = self.tr("There are too few photos for an index.")
            return Offer(few, worth=plan.worth, possible=plan.nlist_before > 0)
        if plan.nlist_before == plan.nlist_after:
            words = self.tr("Makes all inverted lists anew ({after}); takes {time}.")
        elif not plan.nlist_before:
            words = self.tr("Makes an index (inverted lists: {after}); takes {time}.")
        else:
            words = self.tr("Inverted lists: {after} instead of {before}; takes {time}.")
        words = words.format(
            before=numbers.grouped(plan.nlist_before),
            after=numbers.grouped(plan.nlist_after),
            time=self._about(plan.seconds),
        )
        why = self._why_train(plan.reason) if plan.reason is not None else self.tr("Not needed.")
        return Offer(f"{why} {words}", plan.worth, possible=True)

    def _why_train(self, reason: Reason) -> str:
        return {
            Reason.DAMAGED: self.tr("Files of the index are damaged."),
            Reason.NEW: self.tr("There is no index yet."),
            Reason.GROWN: self.tr("The library has grown far beyond what the index was trained on."),
            Reason.SHRUNK: self.tr("The library has become much smaller than what the index was trained on."),
            Reason.RULE: self.tr("The settings ask for another number of lists."),
            Reason.IMBALANCE: self.tr("Some lists are much longer than others, which makes searches slower."),
            Reason.DRIFT: self.tr("The photos that came since the training are of another kind."),
        }[reason]

    def _about(self, seconds: float) -> str:
        if seconds < 1:
            return self.tr("a moment")
        if seconds < _MINUTE:
            return self.tr("about {} s").format(numbers.grouped(round(seconds)))
        return self.tr("about {} min").format(numbers.grouped(round(seconds / _MINUTE)))

    # Facts

    def contents(self, health: IndexHealth) -> Section:
        """Return what the index holds."""
        stored = health.vectors + health.dead
        dead = numbers.grouped(health.dead)
        if health.dead:
            dead = self.tr("{count} ({share})").format(count=dead, share=numbers.share(health.dead / stored))
        return Section(
            self.tr("What it holds"),
            (
                Fact(
                    self.tr("Photos"),
                    numbers.grouped(health.photos),
                    self.tr("Those on drives that are away count, too."),
                ),
                Fact(
                    self.tr("Vectors"),
                    numbers.grouped(health.vectors),
                    self.tr("What a photo looks like, in numbers; copies of a photo share one."),
                ),
                Fact(
                    self.tr("Dead vectors"),
                    dead,
                    self.tr("Of photos that are gone. They are never found; compacting takes them out of the index."),
                ),
                Fact(
                    self.tr("Not in a segment yet"),
                    numbers.grouped(health.delta),
                    self.tr("The newest ones, which each search compares one by one."),
                ),
            ),
        )

    def space(self, health: IndexHealth) -> Section:
        """Return what it takes on disk."""
        note = self.tr("All vectors in full.")
        if health.dead:
            gone = self.tr(
                "{} of that are of photos that are gone; a rescan does not need them again if they come back."
            )
            note = f"{note} {gone.format(numbers.data_size(health.dead_row_bytes))}"
        facts = [Fact(self.tr("Embeddings"), numbers.data_size(health.row_bytes), note)]
        if health.nlist:
            note = self.tr("About half of that again, so that a search need not look at all of them.")
            facts.append(Fact(self.tr("Search index"), numbers.data_size(health.index_bytes), note))
        return Section(self.tr("Space on disk"), tuple(facts))

    def lists(self, health: IndexHealth) -> Section | None:
        """Return how the vectors are spread over the inverted lists; None without any."""
        lists = health.lists
        if lists is None or health.imbalance is None:
            return None
        sizes = self.tr("{shortest} to {longest}, median {median}; {empty} empty").format(
            shortest=numbers.grouped(lists.shortest),
            longest=numbers.grouped(lists.longest),
            median=numbers.grouped(round(lists.median)),
            empty=numbers.grouped(lists.empty),
        )
        is_uneven = health.reclustering.reason is Reason.IMBALANCE
        if health.nlist == 1:
            note = self.tr("A library of this size needs no more; each search looks at all of it.")
            return Section(self.tr("Inverted lists"), (Fact(self.tr("Lists"), numbers.grouped(1), note),))
        return Section(
            self.tr("Inverted lists"),
            (
                Fact(
                    self.tr("Lists"),
                    numbers.grouped(health.nlist),
                    self.tr("Photos that look alike are in the same list; a search looks into the nearest lists only."),
                ),
                Fact(
                    self.tr("Vectors in a list"),
                    sizes,
                    self.tr("A search takes as long as the lists that it looks into."),
                ),
                Fact(
                    self.tr("Imbalance"),
                    numbers.decimal(health.imbalance, 2),
                    self.tr("1 means that all lists are equally long; at 2, a search takes twice as long as then."),
                    is_uneven,
                ),
            ),
        )
