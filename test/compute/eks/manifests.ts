import { Template } from 'aws-cdk-lib/assertions';

/** What a value that is known only at deployment becomes: a certificate with its lines, and names. */
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIID"x"\\y=\n-----END CERTIFICATE-----\n';

/** What CloudFormation would make of a value. */
export function evaluate(value: any): string {
  if (typeof value !== 'object') return `${value}`;
  const [name, argument] = Object.entries<any>(value)[0];
  switch (name) {
    case 'Fn::Join':
      return listOf(argument[1]).join(argument[0]);
    case 'Fn::Base64':
      return Buffer.from(evaluate(argument)).toString('base64');
    case 'Fn::FindInMap':
      return CERTIFICATE;
    case 'Fn::GetAtt':
      return argument[1] === 'CidrBlock' ? '10.0.0.0/16' : `${argument.join('-')}`.toLowerCase();
    case 'Ref':
      return argument === 'AWS::Region' ? 'eu-central-1' : argument.toLowerCase();
    default:
      throw new Error(`the test does not know ${name}`);
  }
}

function listOf(value: any): string[] {
  if (Array.isArray(value)) return value.map(evaluate);
  const [separator, text] = value['Fn::Split'];
  return evaluate(text).split(separator);
}

/** Every object that a template applies to the cluster, in the order of the template. */
export function kubernetesObjects(template: Template): any[] {
  const applied = Object.values(template.findResources('Custom::AWSCDK-EKS-KubernetesResource'));
  return applied.flatMap(({ Properties }) => JSON.parse(evaluate(Properties.Manifest)));
}

/** The only object of a kind. */
export function onlyKind(objects: any[], kind: string): any {
  const found = objects.filter((object) => object.kind === kind);
  if (found.length !== 1) throw new Error(`expected one ${kind}, got ${found.length}`);
  return found[0];
}
