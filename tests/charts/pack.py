"""Writes packed/charts/box-0.2.0.tgz, the same bytes each time. Run by hand after a change of what is in it."""
import gzip
import io
import tarfile
from pathlib import Path

FILES = {
    "box/Chart.yaml": "apiVersion: v2\nname: box\nversion: 0.2.0\n",
    "box/values.yaml": "v: own\nkept: from the box\n",
    "box/templates/box.yaml": "v: {{ .Values.v }}\nfile: {{ .Files.Get \"note.txt\" | quote }}\ntemplate: {{ .Template.Name }}\n",
    "box/note.txt": "a note in a box\n",
    "box/charts/inner/Chart.yaml": "apiVersion: v2\nname: inner\nversion: 0.0.1\n",
    "box/charts/inner/templates/i.yaml": "inner: {{ .Chart.Name }}\n",
}

raw = io.BytesIO()
with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
    for name, text in FILES.items():
        info = tarfile.TarInfo(name)
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text.encode()))
out = Path(__file__).parent / "packed" / "charts" / "box-0.2.0.tgz"
out.parent.mkdir(parents=True, exist_ok=True)
out.write_bytes(gzip.compress(raw.getvalue(), mtime=0))
