"""Names of images to try things with: right ones, nearly right ones, and hostile ones.

The pools are made beforehand, so that a name costs few draws: tests want many thousands.
"""

from itertools import product

from hypothesis import strategies as st

HEX = "0123456789abcdef" * 8
_WORDS = ["ana", "app", "a", "0", "v1", "ab12", "library", "localhost", "sha256", "latest", "x.y", "b" * 63]
_JOINED = [f"x{joint}y" for joint in (".", "_", "__", "-", "--", "---")]
_PATHS = ["/".join(parts) for size in (1, 2, 3) for parts in product(_WORDS + _JOINED, repeat=size)]
# The limits: 255 characters of path, with and without `library/` and an owner; 128 of tag.
_LENGTHS = [64, 65, 126, 127, 128, 129, 246, 247, 248, 250, 251, 252, 254, 255, 256, 300]
_LONG = [owner + "b" * length for owner in ("", "ana/", "x/y/") for length in _LENGTHS] + [HEX[:64], HEX[:65]]
_WRONG_JOINED = [f"x{joint}y" for joint in ("..", "___", "._", "_-", "-_", ".-", "//", " ", "%2F", "+")]
_BORDERS = [f"ana/{word}" for word in ("-x", "x-", "_x", "x_", ".x", "x.", "", ".", "..", "Ana")]
_DOMAINS = [
    "docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com", "localhost", "localhost:5000",
    "example.com", "EXAMPLE.com:80", "a.b", "127.0.0.1", "127.0.0.1:5000", "a:1", "xn--caf-dma.br",
    ".".join(["c" * 60] * 4), "[::1]", "[::1]:5000", "[2001:DB8::ff]", "Ana", "LOCALHOST", "a_b.c",
]  # fmt: skip
_WRONG_DOMAINS = [
    "[fe80::1%eth0]",
    "[]",
    "[::1",
    "a-.b",
    "-a.b",
    "a..b",
    "x:",
    "x:a",
    ".",
    ":80",
    "a.b:80:90",
]
_TAGS = ["latest", "v1", "V1.0-rc_2", "_", "__x", "1.", "2026", "A" * 127, "A" * 128]
_WRONG_TAGS = ["A" * 129, "-x", ".x", "x+y", "x:y", "versão", "x y", ":"]
_DIGESTS = [f"sha256:{HEX[:64]}", f"sha384:{HEX[:96]}", f"sha512:{HEX}"]
_WRONG_DIGESTS = [
    f"sha256:{HEX[:63]}", f"sha256:{HEX[:65]}", f"sha256:{HEX[:64].upper()}", f"sha512:{HEX[:64]}",
    f"md5:{HEX[:32]}", f"sha256+b64:{HEX[:64]}", "latest", "sha256:",
]  # fmt: skip
_ODD = [
    *"AZéçãÉßİıK٣１²ﬁ日😀\u0301\u200b\ufeff\xa0 \n\r\t\0%+&?#\\'\"<{~$*/:@._-[]",
    "\r\n", "%2F", "%00", "//", "::", "@@", "..", "__", "___", "._", "_-", "-_", "..-",
]  # fmt: skip
_PIECES = [
    *"ab0/:@._-A",
    "__",
    "docker.io/",
    "library/",
    "localhost",
    "ana",
    ".com",
    ":80",
    "sha256:" + HEX[:64],
]


def _joined(domain: str, path: str, tag: str, digest: str) -> str:
    before = f"{domain}/" if domain else ""
    return before + path + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _changed(text: str, at: int, put_in: str, taken_out: int) -> str:
    at = max(0, min(at, len(text) - taken_out))
    return text[:at] + put_in + text[at + taken_out :]


_one = st.sampled_from
RIGHT = st.builds(
    _joined,
    _one(["", "", "", *_DOMAINS]), _one(_PATHS + _LONG[:3]), _one(["", *_TAGS]), _one([""] * 9 + _DIGESTS),
)  # fmt: skip
_SUSPECT = st.builds(
    _joined,
    _one(["", *_DOMAINS, *_WRONG_DOMAINS]), _one(_LONG + _WRONG_JOINED + _BORDERS + _PATHS[:100]),
    _one(["", *_TAGS, *_WRONG_TAGS]), _one([""] * 18 + _DIGESTS + _WRONG_DIGESTS),
)  # fmt: skip
_NEARLY = st.builds(_changed, RIGHT, st.integers(0, 40), _one(["", *_ODD]), st.integers(0, 1))
_PIECED = st.lists(_one(_PIECES + _ODD), max_size=6).map("".join)
_ANY = st.text(st.characters(codec="utf-8"), max_size=6)

# Half of them right: `|` takes each strategy once, however often it is written.
NAMES = st.one_of(*(RIGHT.map(str) for _ in range(5)), _SUSPECT, _NEARLY, _NEARLY.map(str), _PIECED, _ANY)
