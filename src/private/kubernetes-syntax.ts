import { Token } from 'aws-cdk-lib';
import { Problems } from './problems';

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const LABEL_NAME = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

export function isDnsLabel(name: string): boolean {
  return DNS_LABEL.test(name);
}

export function isSubdomain(name: string): boolean {
  return SUBDOMAIN.test(name);
}

/** The key of a label or an annotation: a name, optionally after a domain and a slash. */
export function isQualifiedName(key: string): boolean {
  const [name, prefix, ...more] = key.split('/').reverse();
  return LABEL_NAME.test(name) && (prefix === undefined || isSubdomain(prefix)) && more.length === 0;
}

export function isLabelValue(value: string): boolean {
  return value === '' || LABEL_NAME.test(value);
}

/** Notes an invalid namespace. Tokens are accepted. */
export function checkNamespace(problems: Problems, prop: string, name: string | undefined): void {
  problems.require(name === undefined || Token.isUnresolved(name) || isDnsLabel(name), () => {
    return `'${prop}' must be up to 63 lower-case letters, digits and hyphens, with no hyphen at its ends; got '${name}'`;
  });
}

/** Notes an invalid name of an object. Tokens are accepted. */
export function checkObjectName(problems: Problems, prop: string, name: string | undefined): void {
  problems.require(name === undefined || Token.isUnresolved(name) || isSubdomain(name), () => {
    return `'${prop}' must be the name of a Kubernetes object, of lower-case letters, digits, hyphens and dots; got '${name}'`;
  });
}
