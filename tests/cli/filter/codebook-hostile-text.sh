# What a codebook says of itself comes from wherever the file does: its digest is no signature.
python3 - "$SRCDIR/etc/default.codebook" forged.codebook <<'END'
import hashlib
import json
import struct
import sys

data = open(sys.argv[1], "rb").read()
end = 8 + struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:end])
metadata = header["__metadata__"]
for key in ("description", "model.revision", "canary.0.text"):
    metadata[key] = "a\x1b[31m\u202eb"
digest = hashlib.sha256()
for key, value in metadata.items():
    if key != "sha256":
        digest.update(f"{key}\0{value}\0".encode())
tensors = [(tensor["data_offsets"], name, tensor) for name, tensor in header.items() if name != "__metadata__"]
for (start, stop), name, tensor in sorted(tensors, key=lambda item: item[0]):
    sizes = "".join(f"{size}\0" for size in tensor["shape"])
    digest.update(f"{name}\0{tensor['dtype']}\0{sizes}\0".encode() + data[end + start : end + stop])
metadata["sha256"] = digest.hexdigest()
text = json.dumps(header).encode()
open(sys.argv[2], "wb").write(struct.pack("<Q", len(text)) + text + data[end:])
END
alkfw-codebook inspect forged.codebook | grep -e '^description' -e '^revision' -e '^canary *benign' | sed 's/score [0-9.]*/score/'
alkfw-codebook inspect forged.codebook | LC_ALL=C grep -c "$(printf '\033')" || true
