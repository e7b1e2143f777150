"""Make the films of the month units from their own text: `python docs/films/make_films.py [MONTH …]`.

For each content/themedays/<month>/film.md it writes beside it film.mp4, film.vtt and poster.jpg, under the names that
the front matter gives, and every variant that it names. In film.md every `## heading` is one slide: its list is what
stands on the slide, line by line, its picture is drawn beside the list, and its paragraphs are the captions. Nothing is spoken; the sound is a soft
plucked-string bed, computed here.

Needs what requirements-dev.txt installs (typst draws the slides, imageio-ffmpeg brings ffmpeg) and the fonts
Noto Serif CJK SC and Noto Sans CJK SC (Debian: fonts-noto-cjk). Takes about half a minute a film.
"""

import json
import math
import random
import re
import subprocess
import sys
import tempfile
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg  # type: ignore[import-untyped]
import typst
import yaml

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "content" / "themedays"
TEMPLATE = Path(__file__).with_name("slide.typ")

FRAMES_PER_SECOND = 15
SMALL_FRAMES_PER_SECOND = 8
FADE = 0.5
LEAD = 0.7
OPENING = 4.0
CLOSING = 5.0
# An unhurried reader of captions: characters a second, and seconds to find the line.
READING_SPEED = 4.4
CUE_LEAST = 2.6
CUE_EXTRA = 0.9
CUE_LONGEST = 36
SHORTEST, LONGEST = 60.0, 120.0
LARGEST = 3 * 1024 * 1024

SAMPLE_RATE = 24000
# A pentatonic scale in hertz: any order of its notes sounds at rest.
SCALE = (196.0, 220.0, 261.63, 293.66, 329.63, 392.0, 440.0)
BEAT = 1.6
LOUDNESS = 0.16


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: heading, lines on the slide, picture (path from the repository's root) and the captions in order."""

    title: str
    points: tuple[str, ...]
    picture: str | None
    cues: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long it stands."""
        return LEAD + sum(map(cue_seconds, self.cues))


@dataclass(frozen=True, slots=True)
class Film:
    """A film's front matter, its unit's theme and its slides."""

    folder: Path
    front: dict[str, Any]
    variants: tuple[str, ...]
    theme: str
    slides: tuple[Slide, ...]

    @property
    def seconds(self) -> float:
        """The film's length in seconds."""
        return OPENING + sum(slide.seconds for slide in self.slides) + CLOSING


def cue_seconds(words: str) -> float:
    """How long a caption stands, in seconds."""
    return max(CUE_LEAST, CUE_EXTRA + len(words) / READING_SPEED)


def split_front(file: Path) -> tuple[dict[str, Any], str]:
    """A content file's front matter and body."""
    _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def split_cues(paragraph: str) -> tuple[str, ...]:
    """A paragraph as captions: a sentence each, a long sentence cut at the comma nearest its middle."""
    cues: list[str] = []
    for sentence in re.findall(r"[^。！？；]+[。！？；]?[”’]?", paragraph):
        commas = [match.end() for match in re.finditer("[，：]", sentence)]
        if len(sentence) > CUE_LONGEST and commas:
            cut = min(commas, key=lambda place: abs(place - len(sentence) / 2))
            cues += [sentence[:cut], sentence[cut:]]
        else:
            cues.append(sentence)
    return tuple(cue.strip() for cue in cues if cue.strip())


def read_slide(section: str, folder: Path) -> Slide:
    """One `## ` section of film.md."""
    title, _, rest = section.partition("\n")
    lines = [line.strip() for line in rest.splitlines() if line.strip()]
    pictures = [found[1] for line in lines if (found := re.match(r"!\[.*\]\((\S+?)[ )]", line))]
    words = [line for line in lines if not line.startswith(("- ", "!["))]
    return Slide(
        title=title.strip(),
        points=tuple(line[2:] for line in lines if line.startswith("- ")),
        picture=f"/{(folder / pictures[0]).relative_to(ROOT)}" if pictures else None,
        cues=tuple(cue for line in words for cue in split_cues(line)),
    )


def read_film(folder: Path) -> Film:
    """The film of one month's folder. ValueError when it would be too short or too long."""
    front, body = split_front(folder / "film.md")
    theme = split_front(folder / "unit.md")[0]["title"]
    sections = re.split(r"^## ", body, flags=re.MULTILINE)[1:]
    variants = tuple(each["file"] for each in front.get("variants", []))
    film = Film(folder, front, variants, theme, tuple(read_slide(section, folder) for section in sections))
    if not SHORTEST <= film.seconds <= LONGEST:
        raise ValueError(f"{folder.name}: {film.seconds:.0f} s, not {SHORTEST:.0f} to {LONGEST:.0f} s")
    return film


def timeline(film: Film) -> list[tuple[float, dict[str, object]]]:
    """Every page of the film with the second at which it appears. A slide's lines come one by one."""
    pages: list[tuple[float, dict[str, object]]] = [(0.0, {"kind": "opening"})]
    now = OPENING
    for number, slide in enumerate(film.slides, 1):
        step = (slide.seconds - LEAD) * 0.7 / max(1, len(slide.points))
        for shown in range(1, len(slide.points) + 1):
            words = {"title": slide.title, "points": slide.points, "picture": slide.picture}
            pages.append((now + (shown - 1) * step, {"kind": "slide", "number": number, "shown": shown, **words}))
        now += slide.seconds
    return [*pages, (now, {"kind": "closing"})]


def draw(film: Film, pages: list[dict[str, object]]) -> list[bytes]:
    """The pages as PNG, 1280 × 720."""
    year, month = film.folder.name.split("-")
    words = {
        "title": film.front["title"],
        "source": film.front["source"],
        "theme": film.theme,
        "month": f"{year}.{month}",
        "minutes": f"{round(film.seconds) // 60}:{round(film.seconds) % 60:02}",
        "slides": len(film.slides),
        "pages": pages,
    }
    data = {"film": json.dumps(words, ensure_ascii=False)}
    # A document of several pages comes back as a list, which the package's own types do not say.
    drawn: object = typst.compile(TEMPLATE, root=ROOT, format="png", ppi=72, sys_inputs=data)
    return [page for page in drawn if isinstance(page, bytes)] if isinstance(drawn, list) else []


def stamp(seconds: float) -> str:
    """A WebVTT time, mm:ss.mmm."""
    minutes, rest = divmod(round(seconds * 1000), 60000)
    return f"{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def captions(film: Film) -> str:
    """The film's WebVTT."""
    blocks = ["WEBVTT"]
    now = OPENING
    for slide in film.slides:
        now += LEAD
        for cue in slide.cues:
            blocks.append(f"{stamp(now)} --> {stamp(now + cue_seconds(cue) - 0.1)}\n{cue}")
            now += cue_seconds(cue)
    return "\n\n".join(blocks) + "\n"


def pluck(bed: "array[float]", start: int, pitch: float, loudness: float, chance: random.Random) -> None:
    """Add one plucked string to the bed (Karplus and Strong: a burst of noise, averaged round and round)."""
    period = round(SAMPLE_RATE / pitch)
    string = [chance.uniform(-1.0, 1.0) for _ in range(period)]
    for _ in range(3):
        string = [(string[i] + string[i - 1]) / 2 for i in range(period)]
    for offset in range(min(SAMPLE_RATE * 3, len(bed) - start)):
        i = offset % period
        bed[start + offset] += string[i] * loudness
        string[i] = (string[i] + string[i - 1]) * 0.498


def sound(seconds: float, seed: str, file: Path) -> None:
    """Write the sound bed: slow plucked notes over a faint hum, always the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - music, not secrets
    size = round(seconds * SAMPLE_RATE)
    hum = [2 * math.pi * pitch / 2 / SAMPLE_RATE for pitch in (SCALE[0], SCALE[3])]
    bed = array("d", (0.012 * sum(math.sin(i * turn) for turn in hum) for i in range(size)))
    place, step = 2, 0.4
    while step < seconds - 4:
        place = min(len(SCALE) - 1, max(0, place + chance.choice((-2, -1, -1, 1, 1, 2))))
        pluck(bed, round(step * SAMPLE_RATE), SCALE[place], LOUDNESS, chance)
        step += BEAT * chance.choice((0.5, 1, 1, 1.5))
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        out.writeframes(array("h", (round(max(-1.0, min(1.0, value)) * 32000) for value in bed)).tobytes())


def ffmpeg(*arguments: str | Path) -> None:
    """Run ffmpeg quietly; CalledProcessError when it fails."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-loglevel", "error", "-y"]
    subprocess.run([*command, *map(str, arguments)], check=True)


def crossfades(starts: list[float]) -> str:
    """The filter that fades page after page into the next at the given seconds."""
    chain, last = [], "[0:v]"
    for i, start in enumerate(starts[1:], 1):
        chain.append(f"{last}[{i}:v]xfade=transition=fade:duration={FADE}:offset={start:.3f}[v{i}]")
        last = f"[v{i}]"
    return ";".join([*chain, f"{last}scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[v]"])


def encode(film: Film, starts: list[float], pages: list[Path], bed: Path) -> None:
    """Pages and sound to H.264 (main profile) and AAC in MP4, its index first so that it plays while it loads."""
    inputs: list[str | Path] = []
    ends = [*starts[1:], film.seconds]
    for page, start, end in zip(pages, starts, ends, strict=True):
        stands = f"{end - start + FADE:.3f}"
        inputs += ["-loop", "1", "-framerate", str(FRAMES_PER_SECOND), "-t", stands, "-i", page]
    out = film.folder / film.front["file"]
    fades = f"afade=t=in:d=1.5,afade=t=out:st={film.seconds - 3:.2f}:d=3"
    ffmpeg(
        *inputs, "-i", bed, "-filter_complex", crossfades(starts), "-map", "[v]", "-map", f"{len(pages)}:a",
        "-t", f"{film.seconds:.3f}", "-c:v", "libx264", "-profile:v", "main", "-preset", "slow", "-crf", "28",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-tune", "stillimage", "-g", str(FRAMES_PER_SECOND * 6), "-af", fades, "-c:a", "aac", "-b:a", "48k",
        "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", out,
    )  # fmt: skip
    if out.stat().st_size > LARGEST:
        raise ValueError(f"{out}: larger than {LARGEST} bytes")


def encode_small(film: Film) -> None:
    """Every variant that the front matter names, for a phone on a weak network: 640 pixels wide, fewer pictures a second."""
    for variant in film.variants:
        ffmpeg(
            "-i", film.folder / film.front["file"], "-vf", f"scale=640:-2,fps={SMALL_FRAMES_PER_SECOND}", "-c:v", "libx264",
            "-profile:v", "main", "-preset", "slow", "-crf", "34", "-tune", "stillimage", "-g", str(SMALL_FRAMES_PER_SECOND * 6),
            "-c:a", "aac", "-b:a", "24k", "-ac", "1", "-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart",
            film.folder / variant,
        )  # fmt: skip


def make(month: str) -> str:
    """Make one month's film, captions and poster. Returns a line that says what was made."""
    film = read_film(UNITS / month)
    shots = timeline(film)
    starts, pages = [start for start, _ in shots], [page for _, page in shots]
    (film.folder / film.front["captions"]).write_text(captions(film), encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch) / f"{i:03}.png" for i in range(len(pages))]
        for file, drawn in zip(files, draw(film, pages), strict=True):
            file.write_bytes(drawn)
        poster = film.folder / film.front["poster"]
        ffmpeg("-i", files[0], "-vf", "scale=960:540", "-frames:v", "1", "-q:v", "5", poster)
        bed = Path(scratch) / "bed.wav"
        sound(film.seconds, month, bed)
        encode(film, starts, files, bed)
    encode_small(film)
    size = (film.folder / film.front["file"]).stat().st_size
    return f"{month}: {film.seconds:.0f} s, {len(film.slides)} slides, {size / 1024:.0f} KB"


def main() -> None:
    """Make the films of the months given, or of all; with --small only the small variants of films that are there."""
    asked = [each for each in sys.argv[1:] if each != "--small"]
    for month in asked or sorted(folder.parent.name for folder in UNITS.glob("*/film.md")):
        if "--small" in sys.argv:
            encode_small(read_film(UNITS / month))
        else:
            sys.stdout.write(make(month) + "\n")


if __name__ == "__main__":
    main()
