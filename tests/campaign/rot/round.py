"""One round: a file is damaged, everything is asked, doctor and update mend it, and everything is asked again."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final

from tests.campaign.rot.damage import Damage
from tests.campaign.rot.judging import Verdict, is_refusal, verdict
from tests.campaign.rot.patient import OPTIONAL, SIGNED, Patient, answers
from tests.campaign.rot.programs import Ended, Programs
from tests.campaign.rot.reading import RAISES, REFUSED
from tests.campaign.running import Campaign

_AT_ONCE: Final = "at once"
_WINDOW_SHARE: Final = 0.03
_MENDED_IN_SHORT: Final = 0.1
_COMMAND_SHARE: Final = 0.3
_MENDED_SHARE: Final = 0.2


class Round:
    """Damages one file of a copy of the library and judges what comes of it."""

    def __init__(
        self,
        campaign: Campaign,
        patient: Patient,
        programs: Programs,
        number: int,
        kind: str,
        damage: Damage,
        chances: random.Random,
    ) -> None:
        self._campaign, self._patient, self._programs = campaign, patient, programs
        self._number, self._kind, self._damage, self._chances = number, kind, damage, chances
        self._what = f"round {number}, {kind}, {damage.__name__}"
        self._names: set[str] = set()
        self._damaged = b""
        self._is_measured_anew = False

    def play(self) -> None:
        """Damage, ask, mend, ask."""
        self._patient.fresh()
        path, other = self._patient.target(self._kind, self._number)
        before = path.read_bytes() if path.is_file() else b""
        self._damage(path, other, self._chances)
        self._damaged = path.read_bytes() if path.is_file() else b""
        self._names = {path.name, path.name.removesuffix("-wal"), path.parent.name}
        self._campaign.count("damages")
        self._campaign.count(f"damages to {self._kind}")
        found = answers(self._programs, self._patient.library)
        wrong = self._judge(found, _AT_ONCE)
        changed = not path.is_file() or self._damaged != before
        told = self._is_told(found)
        # One bit leaves either the sums or what says that they hold: then whoever reads the database has to refuse.
        refused = any(is_refusal(answer) for question, answer in found.items() if question != "doctor")
        is_one_bit = self._kind in SIGNED and self._damage.__name__ == "flip_one"
        if is_one_bit and not refused and self._has_to_be_noticed(before):
            self._find("nobody who reads it refuses: its pages are not compared with their checksums")
        if changed and not told and not wrong:
            self._campaign.count("damages that change no answer")
            if self._has_to_be_noticed(before):
                self._find("nobody notices it, though no answer is wrong")
        if self._kind == "plan.json" or self._chances.random() < _COMMAND_SHARE:
            self._command()
        if self._kind not in _OWN_WORDS and self._chances.random() < (
            _MENDED_IN_SHORT if self._campaign.short else _MENDED_SHARE
        ):
            self._mend(told=told)

    @property
    def _is_anothers(self) -> bool:
        """Whether the file is sound, but another library's: what that one says is what there is to know."""
        return self._damage.__name__ == "swap" and self._kind.endswith((".db", ".json"))

    def _find(self, what: str) -> None:
        self._campaign.find(f"{self._what}: {what}")

    def _has_to_be_noticed(self, before: bytes) -> bool:
        """Tell whether there are checksums that a damage does not fit; that of what says whether they hold is none."""
        if self._kind not in (*SIGNED, "trained", "segment") or self._damage.__name__ in _LEAVES_A_SOUND_FILE:
            return False
        rest = (content[:24] + content[28:68] + content[72:] for content in (before, self._damaged))
        return self._kind not in SIGNED or len(set(rest)) > 1

    # Asking

    def _judge(self, found: dict[str, Any], when: str) -> bool:
        """Report answers that are wrong, and refusals that do not say of which file; tell whether one was wrong."""
        if "process" in found:
            self._find(f"{when}, asked everything: {found['process']}")
            return True
        told = self._is_told(found)
        wrong = []
        for question, answer in found.items():
            self._check_refusal(question, answer, when)
            if question == "doctor" or (self._kind in _OWN_WORDS and not isinstance(answer, str)):
                continue
            worth = verdict(question, answer, self._patient.healthy, told=told)
            if worth is not Verdict.WRONG and not (worth is Verdict.WITHOUT and when != _AT_ONCE):
                self._campaign.count(worth)
            elif self._is_made_anew(question, when):
                self._campaign.count("answers made anew, or of what was kept of a damaged file")
            elif self._is_bereft(question, answer):
                self._campaign.count("answers without a file that was removed")
            elif self._is_anothers:
                self._campaign.count("answers of another library's file")
            else:
                wrong.append(question)
        if wrong:
            self._campaign.count("wrong answers, named by the doctor" if told else "wrong answers in silence")
            example = _difference(found[wrong[0]], self._patient.healthy.get(wrong[0], []))
            named = "the doctor names it" if told else "in silence"
            self._find(f"{when}, wrong answers ({named}) to {', '.join(wrong)}: {example}")
        return bool(wrong)

    def _is_bereft(self, question: str, answer: object) -> bool:
        if self._damage.__name__ != "delete" or self._kind not in OPTIONAL:
            return False
        return bool(answer == self._patient.bereft[self._kind].get(question))

    def _is_made_anew(self, question: str, when: str) -> bool:
        """Tell whether an answer differs because the program measured again, or kept what it could not read."""
        if when == _AT_ONCE:
            return False
        if question == "saved searches":
            kept = self._patient.library / "searches.json.damaged"
            return kept.is_file() and kept.read_bytes() == self._damaged
        return question == "accuracy" and self._is_measured_anew

    def _check_refusal(self, question: str, answer: object, when: str) -> None:
        text = answer if isinstance(answer, str) else ""
        if text.startswith(RAISES):
            self._find(f"{when}, asked {question}: {text}")
        elif text.startswith(REFUSED) and not any(name in text for name in self._names):
            self._find(f"{when}, asked {question}: the file is not named: {text[:300]}")

    def _is_told(self, found: dict[str, Any]) -> bool:
        """Tell whether the doctor, or a refusal, says that something is wrong."""
        return bool(found.get("doctor")) or any(is_refusal(answer) for answer in found.values())

    # The program

    def _command(self) -> None:
        """Run a command at random; it may refuse, and must not crash."""
        library, place = self._patient.library, self._patient.place
        probe = sorted((place / "round" / "probes").iterdir())[0]
        if self._chances.random() < _WINDOW_SHARE and not self._campaign.short:
            ended = self._programs.call("tests.campaign.rot.window:visit", library)
            self._campaign.count("windows")
            if "trouble" in ended.out:
                self._find(f"the window: {ended.out[:600]}")
        else:
            commands: list[tuple[str | Path, ...]] = [
                ("status", "--health"),
                ("search", "--image", probe, "--json"),
                ("search", "temple"),
                ("duplicates",),
                ("duplicates", "--history"),
                ("evaluate",),
                ("index", self._patient.photos),
                ("doctor", "--compact"),
                ("duplicates", "--apply", place / "plan.json", "--dry-run"),
            ]
            chosen = commands[-1] if self._kind == "plan.json" else self._chances.choice(commands)
            ended = self._run(*chosen)
        self._judge_end(ended)

    def _run(self, command: str | Path, *arguments: str | Path) -> Ended:
        self._campaign.count("commands")
        self._is_measured_anew |= command == "evaluate"
        return self._programs.run(command, "--library", self._patient.library, *arguments)

    def _judge_end(self, ended: Ended) -> None:
        if ended.trouble():
            self._find(ended.trouble())
        elif ended.status == 1 and not ended.err.strip() and not ended.out.strip():
            self._find(f"{' '.join(ended.arguments)} fails without a word")

    # Mending

    def _mend(self, *, told: bool) -> None:
        """Let the doctor and an update mend what they can; what is wrong afterwards has to be said."""
        doctor = self._run("doctor")
        self._judge_end(doctor)
        if told and "healthy" in doctor.out and self._kind not in _OUTSIDE:
            self._campaign.count("mended before the doctor came")
        index = self._run("index", self._patient.photos)
        self._judge_end(index)
        if self._kind == "duplicates.db" or "duplicates.db" in doctor.said:
            self._judge_end(self._run("duplicates"))
        found = answers(self._programs, self._patient.library)
        self._judge(found, "after doctor and index")
        refused = [question for question, answer in found.items() if isinstance(answer, str)]
        if not refused:
            self._campaign.count("mended")
            return
        self._campaign.count("beyond repair, and said so")
        advice = f"{doctor.said} {index.said} {found[refused[0]]}"
        if not any(word in advice for word in _ADVICE):
            self._find(f"beyond repair, and nothing is said of what to do: {advice[:400]}")


_LEAVES_A_SOUND_FILE: Final = {"swap", "delete"}
_OWN_WORDS: Final = {"settings.toml"}
"""What the user writes: anything there that can be read is right, and other answers with it."""
_OUTSIDE: Final = {"settings.toml", "window.ini", "pack.toml", "SHA256SUMS", "image.onnx", "plan.json", "log", "locks"}
_ADVICE: Final = (
    "ut back a back-up",
    "emove",
    "nstall",
    "move it away",
    "update photofind",
    "ree some",
    "Check",
    "check",
)


def _difference(found: Any, wanted: Any) -> str:
    mine, theirs = set(found), set(wanted)
    return f"has {sorted(mine - theirs)[:2]}, lacks {sorted(theirs - mine)[:2]}"[:700]
