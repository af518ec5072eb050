import { Template } from 'aws-cdk-lib/assertions';
import { filesOf } from '../../../local/workload/ec2-user-data';
import { only } from '../../support/templates';

/** What the instances are launched with. */
export function launchData(template: Template): any {
  return only(template, 'AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;
}

/** The boot script; what is known only at deployment stands in it as the name of where it comes from. */
export function ec2UserData(template: Template): string {
  const parts: unknown[] = launchData(template).UserData['Fn::Base64']['Fn::Join'][1];
  return parts.map((part) => (typeof part === 'string' ? part : `<${nameOf(part)}>`)).join('');
}

function nameOf(value: any): string {
  return value.Ref ?? value['Fn::GetAtt']?.join('.') ?? Object.keys(value)[0];
}

/** The files that the boot script writes by itself. */
export function ec2Files(template: Template): Record<string, string> {
  return filesOf(ec2UserData(template));
}

/** The files that travel in the metadata. */
export function ec2Metadata(template: Template): Record<string, string> {
  const resource: any = Object.values(template.findResources('AWS::EC2::LaunchTemplate'))[0];
  return resource.Metadata['cdk-mlflow:files'];
}
