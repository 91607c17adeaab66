"""The C programs of this folder, built by the machine's compiler into a folder."""

import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def built(name, folder, *options):
    """Compiles NAME.c as FOLDER/NAME; its path."""
    compiler = shutil.which("clang") or shutil.which("cc") or sys.exit("no C compiler on PATH: neither clang nor cc")
    path = os.path.join(folder, name)
    subprocess.run([compiler, "-O2", "-Wall", "-o", path, os.path.join(HERE, f"{name}.c"), *options], check=True)
    return path
