import { App, Stack } from 'aws-cdk-lib';
import { Template, Annotations } from 'aws-cdk-lib/assertions';
import { Compute, MlflowTrackingServer, Profile, Endpoint } from '../src';
const s = new Stack(new App(), 'Stack'); new MlflowTrackingServer(s, 'Mlflow', { compute: Compute.ecsOnEc2({spot:{}}), endpoint: process.argv[2]?Endpoint.portForwarding():undefined, profile: Profile.PRODUCTION });
const t: any = Template.fromStack(s).toJSON();
for (const [id, r] of Object.entries<any>(t.Resources)) if (/Compute|AWS679/.test(id)) { if (r.Type.includes('TaskDef')) r.Properties.ContainerDefinitions = 'x'; console.log(id, JSON.stringify(r, null, 1)); }
console.log(t.Parameters, JSON.stringify(Annotations.fromStack(s).findWarning('*','.*' as any)));
