"""Stands in front of MLflow's app, in each process that serves it.

`serve` writes this package for each Python of the server, and calls `install` in each. No process
listens on the server's port unless what it serves is behind the guard.
"""

import os
import signal
import socket
import sys

CONFIG = "uvicorn.config"
WITHOUT = "cdk-mlflow: server would be without its guard: "


def refuse(text):
    print(WITHOUT + text, file=sys.stderr, flush=True)
    from multiprocessing import parent_process

    # Otherwise the parent starts another worker, again and again.
    if parent_process():
        os.kill(parent_process().pid, signal.SIGTERM)
    sys.exit(1)


class App(str):
    """The name of uvicorn's app, which a worker without the guard cannot read."""

    def __reduce__(self):
        directory = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        start = os.path.join(directory, "sitecustomize.py")
        if not (os.path.exists(__file__) and os.path.exists(start)):
            print(WITHOUT + "its files are gone", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGTERM)
        return guarded_app, (str(self),)


def guarded_app(name):
    if not Finder.done:
        refuse("a worker started without it")
    return App(name)


class Finder:
    """Puts the guard into uvicorn's configuration, once that is imported."""

    done = False

    def __init__(self, settings):
        self.settings = settings

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
            load, begin = module.Config.load, module.Config.__init__
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

        def begun(config, *args, **more):
            begin(config, *args, **more)
            if isinstance(config.app, str):
                config.app = App(config.app)

        module.Config.load, module.Config.__init__ = guarded, begun
        Finder.done = True


def install(settings):
    finder = Finder(settings)
    sys.meta_path.insert(0, finder)
    bind = socket.socket.bind

    def guarded(self, address):
        if isinstance(address, tuple) and address[1] == settings["port"] and not finder.done:
            refuse("something other than uvicorn listens; leave out options of other servers")
        return bind(self, address)

    socket.socket.bind = guarded
