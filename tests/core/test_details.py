"""What a photo's file says of it, read from real files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from photofind.core.details import PhotoDetails, aperture_text, exposure_text, read_details
from photofind.core.errors import NotAPhotoError, OversizedPhotoError, PhotoError, UnreadablePhotoError
from photofind.core.imaging import DecodeLimits
from photofind.core.imaging.viewing import decode_file
from tests.imaging.test_raw import make_dng
from tests.support.photos import jpeg, picture

LIMITS = DecodeLimits(pixels=250_000_000, file_bytes=1 << 30)


def write(path: Path, main: dict[int, Any], details: dict[int, Any], gps: dict[int, Any], **options: Any) -> str:
    exif = Image.Exif()
    exif.update(main)
    exif.get_ifd(IFD.Exif).update(details)
    exif.get_ifd(IFD.GPSInfo).update(gps)
    picture(0).resize((120, 80)).save(path, exif=exif.tobytes(), **options)
    return str(path)


def details_of(tmp_path: Path, details: dict[int, Any], gps: dict[int, Any] | None = None) -> PhotoDetails:
    return read_details(write(tmp_path / "a.jpg", {}, details, gps or {}), LIMITS)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
def test_all_of_it_in_every_format(suffix: str, tmp_path: Path) -> None:
    path = write(
        tmp_path / f"a.{suffix}",
        {Base.Make: "Canon", Base.Model: "Canon EOS 40D", Base.Software: "Darktable 4"},
        {
            Base.DateTimeOriginal: "2008:05:30 15:56:01",
            Base.LensModel: "EF-S 17-85mm",
            Base.ExposureTime: IFDRational(1, 250),
            Base.FNumber: IFDRational(28, 10),
            Base.ISOSpeedRatings: 400,
            Base.FocalLength: IFDRational(35, 1),
            Base.FocalLengthIn35mmFilm: 56,
            Base.Flash: 0x19,
        },
        {
            GPS.GPSLatitudeRef: "S",
            GPS.GPSLatitude: (33.0, 51.0, 36.0),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (151.0, 12.0, 40.0),
            GPS.GPSAltitude: IFDRational(125, 10),
            GPS.GPSAltitudeRef: b"\x01",
        },
    )
    found = read_details(path, LIMITS)
    assert found.facts == decode_file(path, limits=LIMITS, working_area=100).facts
    assert (found.facts.width, found.facts.height, found.facts.camera) == (120, 80, "Canon EOS 40D")
    assert (found.exposure, found.aperture, found.iso) == ("1/250 s", "f/2.8", 400)
    assert (found.focal_length, found.focal_length_35mm, found.flash) == (35, 56, True)
    assert (found.software, found.altitude) == ("Darktable 4", -12.5)
    status = Path(path).stat()
    assert (found.path, found.size, found.mtime_ns) == (path, status.st_size, status.st_mtime_ns)


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_upright_picture(orientation: int, suffix: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"a.{suffix}", {Base.Orientation: orientation}, {}, {})
    found = read_details(path, LIMITS)
    assert (found.facts.width, found.facts.height) == ((120, 80) if orientation < 5 else (80, 120))
    assert found.orientation == orientation
    assert found.facts == decode_file(path, limits=LIMITS, working_area=100).facts


@pytest.mark.parametrize("orientation", [1, 6])
def test_raw_files(orientation: int, tmp_path: Path) -> None:
    path = tmp_path / "a.dng"
    path.write_bytes(make_dng(picture(1).resize((96, 64)), orientation=orientation))
    found = read_details(str(path), LIMITS)
    assert found.facts == decode_file(str(path), limits=LIMITS, working_area=100).facts
    assert found.facts.camera == "Acme One"


def test_a_photo_without_any_exif(tmp_path: Path) -> None:
    path = tmp_path / "a.bmp"
    picture(2).save(path)
    found = read_details(str(path), LIMITS)
    assert (found.facts.format, found.facts.width, found.orientation) == ("BMP", 200, 1)
    assert (found.exposure, found.aperture, found.iso, found.flash, found.software) == (None,) * 5


def test_apex_values_stand_in(tmp_path: Path) -> None:
    values: dict[int, Any] = {Base.ShutterSpeedValue: IFDRational(8, 1), Base.ApertureValue: IFDRational(4, 1)}
    found = details_of(tmp_path, values)
    assert (found.exposure, found.aperture) == ("1/256 s", "f/4")


@pytest.mark.parametrize(
    "junk",
    [
        {Base.ExposureTime: IFDRational(0, 0), Base.FNumber: IFDRational(0, 1), Base.ISOSpeedRatings: 0},
        {Base.ExposureTime: "fast", Base.FNumber: b"\xff", Base.Flash: "no", Base.FocalLength: "long"},
        {Base.ExposureTime: IFDRational(1, 0), Base.ShutterSpeedValue: IFDRational(1 << 31, 1)},
    ],
)
def test_junk_is_nothing(junk: dict[int, Any], tmp_path: Path) -> None:
    found = details_of(tmp_path, junk, {GPS.GPSAltitude: IFDRational(1, 0)})
    assert (found.exposure, found.aperture, found.iso, found.focal_length, found.flash, found.altitude) == (None,) * 6


def test_the_first_of_several_speeds(tmp_path: Path) -> None:
    assert details_of(tmp_path, {Base.ISOSpeedRatings: (200, 0)}).iso == 200
    assert details_of(tmp_path, {Base.Flash: 0x10}).flash is False


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1 / 8000, "1/8000 s"),
        (0.004, "1/250 s"),
        (0.0166667, "1/60 s"),
        (0.25, "1/4 s"),
        (0.3, "0.3 s"),
        (0.5, "0.5 s"),
        (1.0, "1 s"),
        (2.5, "2.5 s"),
        (30.0, "30 s"),
        (1234.0, "1234 s"),
    ],
)
def test_exposures_as_cameras_show_them(seconds: float, text: str) -> None:
    assert exposure_text(seconds) == text


def test_apertures_as_lenses_show_them() -> None:
    assert [aperture_text(number) for number in (0.95, 1.8, 2.8284, 4.0, 11.0, 22.6)] == [
        "f/0.95",
        "f/1.8",
        "f/2.8",
        "f/4",
        "f/11",
        "f/23",
    ]


def test_what_is_no_photo_is_told_why(tmp_path: Path) -> None:
    text, cut = tmp_path / "a.jpg", tmp_path / "b.jpg"
    text.write_text("Dear reader")
    cut.write_bytes(jpeg(0)[:100])
    for path, kind in (
        (text, NotAPhotoError),
        (cut, PhotoError),
        (tmp_path / "none.jpg", UnreadablePhotoError),
        (tmp_path, UnreadablePhotoError),
    ):
        with pytest.raises(kind):
            read_details(str(path), LIMITS)
    large = tmp_path / "c.jpg"
    large.write_bytes(jpeg(0))
    with pytest.raises(OversizedPhotoError):
        read_details(str(large), DecodeLimits(pixels=1, file_bytes=100))


def test_the_pixels_are_not_looked_at(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("L", (20_000, 15_000)).save(stream, "PNG", compress_level=1)
    path = tmp_path / "a.png"
    path.write_bytes(stream.getvalue()[:5000])
    assert read_details(str(path), DecodeLimits(pixels=1000, file_bytes=1 << 20)).facts.width == 20_000
