"""A client that writes without pause, with MLflow's own retries, until its standard input ends."""

import sys
import threading

import mlflow

ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()

client = mlflow.MlflowClient()
run = client.create_run("0").info.run_id
print(run, flush=True)
step = 0
while not ended.is_set():
    client.log_metric(run, "value", float(step), step=step, synchronous=True)
    step += 1
    print(step, flush=True)
