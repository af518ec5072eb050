"""What an instance does for its server, with the rights of the instance's role; needs boto3.

secrets  writes the server's secrets to $RUNTIME_DIRECTORY/secrets.env; slows a server down that fails again and again
address  takes the Elastic IP over
logs     sends the journal of the server and of the boot to CloudWatch Logs
"""

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

UNITS = ("mlflow.service", "cloud-final.service")

# The time in which starts are counted, and the longest pause before one, in seconds.
MEMORY = 600
LONGEST_PAUSE = 60

# One request of CloudWatch Logs takes 1 MiB; an event takes 256 KiB with its overhead of 26 bytes.
BATCH_BYTES = 500_000
EVENT_BYTES = 250_000


def at(path):
    """Where a file of the instance is; below another root only in tests."""
    return Path(os.environ.get("CDK_MLFLOW_ROOT", "/"), path.lstrip("/"))


def instance_id():
    return at("/var/lib/cloud/data/instance-id").read_text().strip()


class Problem(Exception):
    """What the reader of the log can put right."""


def client(settings, service):
    import boto3

    return boto3.client(service, region_name=settings["region"])


def pause(starts, now):
    """Seconds to wait before one more start. The first two are free; systemd 252 has no backoff of its own."""
    recent = [start for start in starts if now - MEMORY < start <= now]
    return 0 if len(recent) < 2 else min(LONGEST_PAUSE, 2 ** (len(recent) - 1))


def slow_down(directory):
    path = Path(directory, "starts.json")
    starts = json.loads(path.read_text()) if path.exists() else []
    now = time.time()
    seconds = pause(starts, now)
    path.write_text(json.dumps([start for start in starts if now - MEMORY < start][-10:] + [now]))
    if seconds:
        print("cdk-mlflow: started %d times lately, waiting for %d s" % (len(starts), seconds), flush=True)
        time.sleep(seconds)


def quoted(value):
    """For a file that systemd reads variables from."""
    if "\0" in value:
        raise Problem("a secret has a NUL character, which no variable can hold")
    return '"' + re.sub(r'(["\\`$])', r"\\\1", value) + '"'


def field_of(name, text, field):
    if field is None:
        return text
    try:
        value = json.loads(text)[field]
    except (ValueError, KeyError, TypeError):
        raise Problem("the secret of %s has no field '%s'" % (name, field)) from None
    return value if isinstance(value, str) else json.dumps(value)


def read_secrets(manager, wanted):
    texts = {}
    for name, (secret, _) in wanted.items():
        if secret in texts:
            continue
        try:
            texts[secret] = manager.get_secret_value(SecretId=secret)["SecretString"]
        except Exception as error:
            raise Problem("the secret of %s cannot be read: %s" % (name, error)) from None
    return {name: field_of(name, texts[secret], field) for name, (secret, field) in wanted.items()}


def secrets(settings):
    slow_down(os.environ["STATE_DIRECTORY"])
    values = read_secrets(client(settings, "secretsmanager"), settings["secrets"])
    os.umask(0o077)
    text = "".join(name + "=" + quoted(value) + "\n" for name, value in values.items())
    Path(os.environ["RUNTIME_DIRECTORY"], "secrets.env").write_text(text)


def address(settings):
    client(settings, "ec2").associate_address(
        AllocationId=settings["address"], InstanceId=instance_id(), AllowReassociation=True
    )
    print("cdk-mlflow: took the Elastic IP " + settings["address"], flush=True)


def event_of(line):
    """What CloudWatch Logs takes of a line of the journal; nothing for an empty one."""
    entry = json.loads(line)
    message = entry.get("MESSAGE") or ""
    if isinstance(message, list):
        message = bytes(message).decode(errors="replace")
    message = message.encode()[:EVENT_BYTES].decode(errors="ignore")
    return message and {"timestamp": int(entry["__REALTIME_TIMESTAMP"]) // 1000, "message": message}


def batches(lines, seconds=2):
    """Lists of lines of a queue: what came within some seconds, or as much as one request takes. None ends it."""
    batch, size, deadline = [], 0, None
    while True:
        try:
            line = lines.get(timeout=None if deadline is None else max(0, deadline - time.monotonic()))
        except queue.Empty:
            line = b""
        if line:
            batch.append(line)
            size += len(line) + 26
            deadline = deadline or time.monotonic() + seconds
        if batch and (not line or size > BATCH_BYTES or time.monotonic() > deadline):
            yield batch
            batch, size, deadline = [], 0, None
        if line is None:
            return


def lines_of(stream):
    lines = queue.Queue(maxsize=1000)

    def read():
        for line in stream:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def logs(settings):
    service = client(settings, "logs")
    stream = {"logGroupName": settings["logGroup"], "logStreamName": instance_id()}
    try:
        service.create_log_stream(**stream)
    except service.exceptions.ResourceAlreadyExistsException:
        pass
    cursor = Path(os.environ["STATE_DIRECTORY"], "cursor")
    since = ["--after-cursor=" + cursor.read_text()] if cursor.exists() else ["--boot"]
    command = ["journalctl", "--follow", "--no-tail", "--output=json", *since, *("--unit=" + unit for unit in UNITS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as journal:
        for batch in batches(lines_of(journal.stdout)):
            events = [event for event in map(event_of, batch) if event]
            if events:
                events.sort(key=lambda event: event["timestamp"])
                service.put_log_events(**stream, logEvents=events)
            cursor.write_text(json.loads(batch[-1])["__CURSOR"])
    raise Problem("journalctl ended")


def main(verb):
    try:
        settings = json.loads(at("/etc/mlflow/instance.json").read_text())
        {"secrets": secrets, "address": address, "logs": logs}[verb](settings)
    except Problem as problem:
        sys.exit("cdk-mlflow: %s" % problem)


if __name__ == "__main__":
    main(sys.argv[1])
