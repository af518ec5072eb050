# What MLflow's own `-full` image holds, on the same base as ours: only to compare with.
ARG BASE_IMAGE=docker.io/library/python:3.11-slim-bookworm
FROM ${BASE_IMAGE}
RUN python -m venv /opt/mlflow
RUN --mount=type=secret,id=pip,target=/etc/pip.conf --mount=type=secret,id=ca \
    /opt/mlflow/bin/python -m pip --disable-pip-version-check install --no-cache-dir \
    "mlflow[extras,azure,db,gateway,genai,auth]==3.17.2"
