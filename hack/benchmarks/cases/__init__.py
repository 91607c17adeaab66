"""The cases of hack/bench dataplane: each a function of the program and of its size, that gives rows."""
