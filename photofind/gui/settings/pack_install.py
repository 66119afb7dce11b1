"""Installing a model pack from the settings: from a file, or from an address that the user types, with progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from photofind.core.packs import PackProgress
    from photofind.gui.pack_jobs import PackJobs

_STEPS: Final = 1000


class PackInstaller(QWidget):
    """Two buttons to begin with, a form for the address, and a bar while a pack comes."""

    refused = Signal(str)
    """What was typed will not do: a sentence."""

    def __init__(self, jobs: PackJobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._make_buttons()
        self._make_form()
        self._make_progress()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self._buttons, self._form, self._progress):
            column.addWidget(widget)
        jobs.running_changed.connect(self._on_running)
        jobs.progressed.connect(self._on_progressed)
        self._on_running(jobs.is_running)

    def install_file(self, path: str) -> None:
        """Install the pack in a zip file."""
        self._jobs.install(path, None)

    def show_form(self) -> None:
        """Ask for an address and its checksum."""
        self._form.show()
        self.address.setFocus()
        self._update()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Return download, and not close the settings."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.download.isVisible() and self.download.isEnabled():
                self._on_download()
        else:
            super().keyPressEvent(event)

    # Making

    def _make_buttons(self) -> None:
        self._buttons = QWidget(self)
        self.from_file = QPushButton(self.tr("Install from a &file…"), self._buttons)
        self.from_file.setToolTip(self.tr("Install a model from a zip file on this computer"))
        self.from_file.clicked.connect(self._choose_file)
        self.from_address = QPushButton(self.tr("Install from an a&ddress…"), self._buttons)
        self.from_address.setToolTip(self.tr("Download a model from an address that you enter"))
        self.from_address.clicked.connect(self.show_form)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.from_file)
        row.addWidget(self.from_address)
        row.addStretch(1)

    def _make_form(self) -> None:
        self._form = QWidget(self)
        self.address = QLineEdit(self._form)
        self.address.setPlaceholderText("https://…/model.zip")
        self.address.setAccessibleName(self.tr("Address of the zip file"))
        self.checksum = QLineEdit(self._form)
        self.checksum.setPlaceholderText(self.tr("64 digits and letters, from whoever published the model"))
        self.checksum.setAccessibleName(self.tr("SHA-256 checksum"))
        hint = QLabel(
            self.tr("Only the host of this address is contacted; the checksum tells that the right file came."),
            self._form,
        )
        hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        hint.setWordWrap(True)
        self.download = QPushButton(self.tr("Do&wnload and install"), self._form)
        self.download.setAutoDefault(False)
        self.download.clicked.connect(self._on_download)
        cancel = QPushButton(self.tr("Cancel"), self._form)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self._form.hide)
        for field in (self.address, self.checksum):
            field.textChanged.connect(self._update)
        fields = QFormLayout(self._form)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields.addRow(self.tr("Addr&ess:"), self.address)
        fields.addRow(self.tr("SHA-&256:"), self.checksum)
        fields.addRow(hint)
        row = QHBoxLayout()
        row.addWidget(self.download)
        row.addWidget(cancel)
        row.addStretch(1)
        fields.addRow(row)
        self._form.hide()

    def _make_progress(self) -> None:
        self._progress = QWidget(self)
        self.stage = QLabel(self._progress)
        self.bar = QProgressBar(self._progress)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the installation"))
        self.stop = QPushButton(self.tr("Stop"), self._progress)
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(self._on_stop)
        row = QHBoxLayout(self._progress)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.stage)
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)

    # What the user does

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Install a model"), "", self.tr("Model packs ({})").format("*.zip"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.install_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_download(self) -> None:
        address = self.address.text().strip()
        if not address.lower().startswith(("https://", "http://")):
            self.refused.emit(self.tr("The address must begin with https:// or http://."))
            return
        self._jobs.install(address, self.checksum.text().strip())

    def _on_stop(self) -> None:
        self.stop.setEnabled(False)
        self.stage.setText(self.tr("Stopping…"))
        self._jobs.cancel()

    def _update(self) -> None:
        self.download.setEnabled(bool(self.address.text().strip() and self.checksum.text().strip()))

    # What goes on

    def _on_running(self, running: bool) -> None:  # noqa: FBT001 - a slot
        self._buttons.setEnabled(not running)
        self._form.setEnabled(not running)
        self._progress.setVisible(running)
        self.stop.setEnabled(running)
        self.stage.setText("")
        self.bar.setRange(0, 0)

    def _on_progressed(self, progress: PackProgress) -> None:
        if not self.stop.isEnabled():
            return  # it is stopping
        words = {
            "download": self.tr("Downloading"),
            "unpack": self.tr("Unpacking"),
            "check": self.tr("Trying the model"),
        }[progress.stage]
        if progress.done_bytes:
            size = QLocale().formattedDataSize(progress.done_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
            words = f"{words} · {size}"
        self.stage.setText(words)
        if progress.total_bytes:  # in steps: Qt's numbers end at 2 GB
            self.bar.setRange(0, _STEPS)
            self.bar.setValue(progress.done_bytes * _STEPS // progress.total_bytes)
        else:
            self.bar.setRange(0, 0)

    def installed(self) -> None:
        """Put the form away, since what it asked for is here."""
        self._form.hide()
        self.address.clear()
        self.checksum.clear()
