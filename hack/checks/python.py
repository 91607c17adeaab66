"""Whether Python files compile without a warning and begin with a docstring that says what they are for."""

import ast
import sys

bad = False
for name in sys.argv[1:]:
    try:
        with open(name, encoding="utf-8") as file:
            source = file.read()
        compile(source, name, "exec", dont_inherit=True)
        fault = None if ast.get_docstring(ast.parse(source)) else "its first line must say what it is for"
    except (SyntaxError, ValueError, Warning) as error:
        fault = f"{type(error).__name__}: {error}"
    if fault:
        print(f"{name}: {fault}")
        bad = True
sys.exit(1 if bad else 0)
