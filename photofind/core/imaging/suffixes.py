"""Which file names promise a picture, and which promise something else.

The content decides what a file is (`sniff`). Names only save work: a file named like a video is never opened,
and a file named like a picture that is none deserves a row in the error list instead of silence.
"""

from __future__ import annotations

_RAW = (
    ".3fr .ari .arw .bay .cap .cr2 .cr3 .crw .dcr .dng .drf .eip .erf .fff .gpr .iiq .k25 .kdc .mdc .mef .mos .mrw"
    " .nef .nrw .orf .ori .pef .ptx .pxn .raf .raw .rw2 .rwl .sr2 .srf .srw .x3f"
)
_STILL = (
    ".jpg .jpeg .jpe .jfif .mpo .png .apng .webp .gif .tif .tiff .bmp .dib .pnm .pbm .pgm .ppm .jp2 .j2k .j2c .jpc"
    " .jpf .jpx .avif .avifs .heic .heics .heif .heifs .hif .jxl"
)

RAW_SUFFIXES: frozenset[str] = frozenset(_RAW.split())
"""Camera RAW files, lower case with the dot."""

PHOTO_SUFFIXES: frozenset[str] = RAW_SUFFIXES | frozenset(_STILL.split())
"""Names that promise a picture, lower case with the dot."""

_VIDEO = (
    ".3g2 .3gp .asf .avi .flv .insv .lrv .m2ts .m2v .m4v .mkv .mov .mp4 .mpe .mpeg .mpg .mts .mxf .ogv .qt .rm"
    " .rmvb .swf .vob .webm .wmv"
)
_AUDIO = ".aac .ac3 .aif .aiff .amr .ape .au .flac .m3u .m4a .m4b .mid .midi .mka .mp2 .mp3 .oga .ogg .opus .wav .wma"
_DOCUMENT = (
    ".ai .cbr .cbz .chm .csv .djvu .doc .docm .docx .epub .eps .htm .html .indd .key .log .md .mobi .numbers .odg"
    " .odp .ods .odt .pages .pdf .pot .pps .ppsx .ppt .pptx .ps .psb .psd .rst .rtf .svg .svgz .tex .tsv .txt .vcf"
    " .xcf .xls .xlsm .xlsx"
)
_ARCHIVE = (
    ".7z .ar .bin .bz2 .cab .deb .dmg .gz .img .iso .jar .lz .lz4 .lzma .msi .pkg .rar .rpm .tar .tbz2 .tgz .txz"
    " .vhd .vhdx .vmdk .whl .xz .z .zip .zst"
)
_PROGRAM = (
    ".a .apk .app .bat .c .cc .class .cmd .com .cpp .cs .css .dll .dylib .exe .go .h .hpp .ipynb .java .js .jsx .kt"
    " .lib .lua .m .mjs .o .obj .php .pl .pm .ps1 .py .pyc .pyd .pyo .r .rb .rs .scala .sh .so .sql .swift .sys .ts"
    " .tsx .vb .vbs .wasm"
)
_SIDECAR = (
    ".aae .acr .arp .cfg .cocatalog .comask .conf .cop .cos .cot .db .db-journal .db-shm .db-wal .dop .exv .gpx .icc"
    " .icm .ini .json .jsonl .kml .lnk .lrcat .lrprev .lrdata .nksc .on1 .onp .parquet .pp3 .sqlite .sqlite3 .srt"
    " .sub .toml .torrent .tmp .url .vtt .xml .xmp .yaml .yml"
)
_MODEL = ".faiss .gguf .h5 .hdf5 .npy .npz .onnx .pickle .pkl .pt .pth .safetensors .ttf .otf .ttc .woff .woff2"

OTHER_SUFFIXES: frozenset[str] = frozenset(
    " ".join((_VIDEO, _AUDIO, _DOCUMENT, _ARCHIVE, _PROGRAM, _SIDECAR, _MODEL)).split()
)
"""Names of files that are no photos and are never opened, lower case with the dot.

A file with a suffix that is neither here nor among the photos, or without any, gets sniffed. ``.thm`` is left
out on purpose: it holds the JPEG preview of a video, which is a picture worth finding when nothing else is left.
"""
