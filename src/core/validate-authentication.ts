import { SelfHostedProps } from './resolved-props';
import { Problems } from '../private/problems';

/** Checks that the endpoint and the image have what the authentication needs, and that a public endpoint has one. */
export function checkAuthentication(problems: Problems, props: SelfHostedProps): void {
  const { displayName, isPublic, usesHttps } = props.endpoint.capabilities;
  const { identifiesCallers, acknowledgesPublicAccess, needsHttps } = props.server.authentication.capabilities;
  problems.require(!isPublic || identifiesCallers || acknowledgesPublicAccess === true, () => {
    return `'authentication' cannot be none with ${displayName}, which anyone on the internet can reach; use Authentication.basic() or an internal endpoint, or accept it with 'acknowledgePublicAccess' of Authentication.none()`;
  });
  problems.require(!needsHttps || usesHttps === true, () => {
    return `'authentication' cannot be ${nameOf(props)} with ${displayName}, which uses plain HTTP; choose an endpoint that uses HTTPS or another authentication`;
  });
  checkPackages(problems, props);
}

function checkPackages(problems: Problems, props: SelfHostedProps): void {
  const { image, authentication } = props.server;
  const { displayName, runtime } = props.compute.capabilities;
  const present = ((image ? image.capabilities : runtime)?.pythonPackages ?? []).map(normalized);
  for (const name of authentication.capabilities.pythonPackages ?? []) {
    if (present.includes(normalized(name))) continue;
    problems.require(image === undefined, () => {
      return `'image' must contain the Python package '${name}', for ${nameOf(props)}; got ${image?.capabilities.displayName}, choose an image that contains it and name it in its 'pythonPackages'`;
    });
    problems.require(image !== undefined, () => {
      return `the packages of this ${displayName} compute must contain '${name}', for ${nameOf(props)}; add it to them, or choose an 'image' that contains it`;
    });
  }
}

/** Python's rule for names that are the same: https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function nameOf({ server }: SelfHostedProps): string {
  return server.authentication.capabilities.displayName ?? 'this authentication';
}
