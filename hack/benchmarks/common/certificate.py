"""The certificate that all show where TLS is measured: one of its own for each run, of a P-256 key."""

import functools
import os
import subprocess
import tempfile

HOST = "bench.example"


@functools.cache
def files():
    """The texts of `tls.crt` and `tls.key`, by these names."""
    with tempfile.TemporaryDirectory(prefix="switchyard-bench-") as folder:
        names = {"tls.crt": os.path.join(folder, "tls.crt"), "tls.key": os.path.join(folder, "tls.key")}
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-out", names["tls.crt"],
             "-keyout", names["tls.key"]],
            check=True, capture_output=True, timeout=30)
        texts = {}
        for name, path in names.items():
            with open(path) as file:
                texts[name] = file.read()
        return texts
