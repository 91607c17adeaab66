"""Whether each Swift target treats warnings as errors: reads what `swift package dump-package` prints."""

import glob
import json
import os
import sys


def is_swift(target):
    path = target.get("path") or ("Tests/" if target["type"] == "test" else "Sources/") + target["name"]
    return any(glob.iglob(os.path.join(path, "**", "*.swift"), recursive=True))


def lenient(targets):
    """The names of the targets where a warning is not an error."""
    for target in targets:
        kinds = [setting["kind"] for setting in target["settings"] if setting["tool"] == "swift"]
        if is_swift(target) and not any(
                kind.get("treatAllWarnings", {}).get("_0") == "error" for kind in kinds) or any(
                "treatWarning" in kind for kind in kinds):
            yield target["name"]


bad = list(lenient(json.load(sys.stdin)["targets"]))
for name in bad:
    print(f"Package.swift: target {name}: warnings must be errors (.treatAllWarnings(as: .error))")
sys.exit(1 if bad else 0)
