import { MlflowTrackingServerProps } from '../mlflow-tracking-server-props';
import { SelfHostedProps } from './resolved-props';
import { Problems } from '../private/problems';

/** Checks the props that are incompatible with a compute that installs MLflow itself. */
export function checkSoftware(
  problems: Problems,
  props: MlflowTrackingServerProps,
  { compute, server }: SelfHostedProps,
): void {
  const { displayName, runtime = {} } = compute.capabilities;
  problems.require(runtime.containerImages !== false || props.image === undefined, () => {
    return `'image' cannot be set with this ${displayName} compute, which installs packages that you specify and runs no container image; remove 'image' or the packages, or choose another compute`;
  });
  const installed = server.image ? undefined : runtime.mlflowVersion;
  problems.require(!installed || !props.version || installed.version === props.version.version, () => {
    return `'version' must be ${installed?.version} with this ${displayName} compute, whose packages contain that release; got ${props.version?.version}, remove 'version' or change the packages of the compute`;
  });
}

/** Checks that the image contains the chosen release, and runs on the compute. */
export function checkImage(problems: Problems, { server, compute }: SelfHostedProps): void {
  if (!server.image) return;
  const { displayName, version, cpuArchitecture } = server.image.capabilities;
  const wanted = server.version.version;
  problems.require(!version || version.version === wanted, () => {
    return `'version' must be ${version?.version} with ${displayName}, which contains no other release; got ${wanted}, remove 'version' or choose another 'image'`;
  });
  const wantedArchitecture = compute.capabilities.cpuArchitecture;
  problems.require(!cpuArchitecture || !wantedArchitecture || cpuArchitecture === wantedArchitecture, () => {
    return `'image' must be built for ${wantedArchitecture} with ${compute.capabilities.displayName} compute; got ${displayName} for ${cpuArchitecture}, remove its 'platform' or change the compute's architecture`;
  });
}
