using Amazon.CDK;
using CdkMlflow;

var app = new App();
var stack = new Stack(app, "Quickstart");
new MlflowTrackingServer(stack, "Mlflow");
app.Synth();
