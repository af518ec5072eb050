"""Stands in front of MLflow's app, in each process that serves it.

`serve` writes this package for each Python of the server, and calls `install` in each. No process
listens on the server's port unless what it serves is behind the guard.
"""

import os
import socket
import sys

CONFIG = "uvicorn.config"


def refuse(text):
    print("cdk-mlflow: server would be without its guard: " + text, file=sys.stderr, flush=True)
    from multiprocessing import parent_process

    # Otherwise the parent starts another worker, again and again.
    if parent_process():
        os.kill(parent_process().pid, 15)
    sys.exit(1)


class Finder:
    """Puts the guard into uvicorn's configuration, once that is imported."""

    def __init__(self, settings):
        self.settings = settings
        self.done = False

    def find_spec(self, name, path=None, target=None):
        if name != CONFIG or self.done:
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path)
        if spec:
            execute = spec.loader.exec_module

            def both(module):
                execute(module)
                self.wrap(module)

            spec.loader.exec_module = both
        return spec

    def wrap(self, module):
        try:
            load = module.Config.load
        except AttributeError as error:
            refuse("%s; use an image with a uvicorn that cdk-mlflow knows" % error)

        def guarded(config):
            load(config)
            try:
                from .app import Guard
                from .release import check

                guard = Guard(config.loaded_app, self.settings)
                check(guard.paths)
                config.loaded_app = guard
            except Exception as error:
                text = "%s: %s; use a release of mlflow that it knows"
                refuse(text % (type(error).__name__, error))

        module.Config.load = guarded
        self.done = True


def install(settings):
    finder = Finder(settings)
    sys.meta_path.insert(0, finder)
    bind = socket.socket.bind

    def guarded(self, address):
        if isinstance(address, tuple) and address[1] == settings["port"] and not finder.done:
            refuse("something other than uvicorn listens; leave out options of other servers")
        return bind(self, address)

    socket.socket.bind = guarded
