"""Names of images to try things with: right ones, nearly right ones, and hostile ones."""

from hypothesis import strategies as st

HEX = "0123456789abcdef" * 8
# The limits: 255 characters of path, with and without `library/` and an owner; 128 of tag.
_LENGTHS = [1, 2, 63, 64, 65, 126, 127, 128, 129, 246, 247, 248, 250, 251, 252, 254, 255, 256, 300]
_word = st.sampled_from(["ana", "app", "a", "0", "v1", "library", "localhost", "sha256", "latest"])
_long = st.sampled_from(_LENGTHS).map(lambda length: "b" * length)
_separator = st.sampled_from([".", "_", "__", "-", "--", "---"])
_component = st.one_of(
    _word, _word, _word, st.builds("{}{}{}".format, _word, _separator, _word), _long, st.just(HEX[:64])
)
_path = st.lists(_component, min_size=1, max_size=3).map("/".join)
_domain = st.sampled_from(
    [
        "docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com", "localhost", "LOCALHOST",
        "localhost:5000", "Ana", "example.com", "EXAMPLE.com:80", "a.b", "127.0.0.1", "127.0.0.1:5000", "a:1",
        "[::1]", "[::1]:5000", "[2001:DB8::ff]", "[fe80::1%eth0]", "a-.b", "a_b.c", "a..b", "x:", "x:a", "xn--caf-dma.br",
        ".".join(["c" * 60] * 4),
    ]
)  # fmt: skip
_tag = st.one_of(
    st.sampled_from(
        ["latest", "v1", "V1.0-rc_2", "_", "__x", "1.", "A" * 127, "A" * 128, "A" * 129, "-x", ".x", "x+y"]
    ),
)
_digest = st.sampled_from(
    [f"sha256:{HEX[:64]}", f"sha256:{HEX[:63]}", f"sha256:{HEX[:65]}", f"sha256:{HEX[:64].upper()}", f"sha512:{HEX}",
     f"sha384:{HEX[:96]}", f"sha512:{HEX[:64]}", f"md5:{HEX[:32]}", f"sha256+b64:{HEX[:64]}", "latest", "sha256:"]
)  # fmt: skip


def _joined(domain: str | None, path: str, tag: str | None, digest: str | None) -> str:
    before = f"{domain}/" if domain else ""
    return before + path + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


WELL_FORMED = st.builds(
    _joined, st.none() | _domain, _path, st.none() | _tag, st.none() | st.none() | st.none() | _digest
)

_ODD = [
    "A", "Z", "é", "ç", "ã", "É", "ß", "İ", "ı", "K", "٣", "１", "²", "ﬁ", "日", "\u0301", "\u200b", "\ufeff", "\xa0",
    " ", "\n", "\r\n", "\t", "\0", "%", "%2F", "%00", "+", "&", "?", "#", "\\", "'", '"', "<", "{", "~", "$", "*",
    "/", "//", ":", "::", "@", "@@", ".", "..", "_", "___", "____", "-", "._", "_-", "-_", "..-", "[", "]", "😀",
]  # fmt: skip


@st.composite
def _changed(draw: st.DrawFn) -> str:
    """A well-formed name with one thing put in, taken out or exchanged."""
    text = draw(WELL_FORMED)
    at = draw(st.sampled_from([0, len(text)]) | st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(["", *_ODD])) + text[at + draw(st.integers(0, 1)) :]


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
_pieced = st.lists(st.sampled_from(_PIECES + _ODD), max_size=9).map("".join)
_any = st.text(st.characters(codec="utf-8"), max_size=12)

NAMES = st.one_of(WELL_FORMED, WELL_FORMED, _changed(), _changed(), _pieced, _any)
