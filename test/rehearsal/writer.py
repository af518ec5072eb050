"""Real MLflow clients that write without pause, with their default settings.

usage: writer.py JOURNAL STOP WRITERS

Each write is one JSON line of JOURNAL once the server has acknowledged it, and so is an error that a
client raises, after which the process ends. It ends in good order when the file STOP appears.
"""

import json
import os
import sys
import threading
import time

import mlflow


class Journal:
    def __init__(self, path):
        self._file = open(path, "a", buffering=1)
        self._lock = threading.Lock()

    def note(self, kind, what):
        with self._lock:
            self._file.write(json.dumps({"kind": kind, "what": what, "time": time.time()}) + "\n")


def write(number, experiment, journal, stop):
    client = mlflow.MlflowClient()
    turn = 0
    while not os.path.exists(stop):
        turn += 1
        name = "writer-%d-turn-%d" % (number, turn)
        run = client.create_run(experiment, run_name=name).info.run_id
        journal.note("run", run)
        client.log_param(run, "turn", str(turn))
        journal.note("param", "%s/turn/%d" % (run, turn))
        for step in range(3):
            client.log_metric(run, "loss", 1.0 / turn, step=step)
            journal.note("metric", "%s/loss/%d" % (run, step))
        client.log_text(run, name, "note.txt")
        journal.note("artifact", "%s/artifacts/note.txt" % run)
        client.set_terminated(run)
        journal.note("finished", run)


def guarded(journal, *arguments):
    try:
        write(*arguments)
    except Exception as error:
        journal.note("error", "%s: %s" % (type(error).__name__, error))
        os._exit(1)


def main(path, stop, writers):
    journal = Journal(path)
    experiment = mlflow.set_experiment("rehearsal").experiment_id
    threads = [
        threading.Thread(target=guarded, args=(journal, number, experiment, journal, stop))
        for number in range(int(writers))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
