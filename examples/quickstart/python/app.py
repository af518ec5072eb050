from aws_cdk import App, Stack
from cdk_mlflow import MlflowTrackingServer
from constructs import Construct


class Quickstart(Stack):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        MlflowTrackingServer(self, "Mlflow")


app = App()
Quickstart(app, "Quickstart")
app.synth()
