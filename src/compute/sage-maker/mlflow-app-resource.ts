import { CfnResource, ITaggableV2, TagManager, TagType, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';

const TYPE = 'AWS::SageMaker::MlflowApp';

/** The properties of the resource type, as CloudFormation spells them. */
export interface MlflowAppProperties {
  readonly Name: string;
  readonly ArtifactStoreUri: string;
  readonly RoleArn: string;
  readonly ModelRegistrationMode: 'AutoModelRegistrationEnabled' | 'AutoModelRegistrationDisabled';
  readonly WeeklyMaintenanceWindowStart?: string;
}

/**
 * The App as a plain resource: `CfnMlflowApp` is not in the oldest aws-cdk-lib that this library supports. Replace it once
 * the minimum version has it.
 */
export class MlflowAppResource extends CfnResource implements ITaggableV2 {
  public readonly cdkTagManager = new TagManager(TagType.STANDARD, TYPE);

  public constructor(scope: Construct, id: string, properties: MlflowAppProperties) {
    super(scope, id, { type: TYPE, properties });
  }

  public get attrArn(): string {
    return Token.asString(this.getAtt('Arn'));
  }

  public get attrMlflowVersion(): string {
    return Token.asString(this.getAtt('MlflowVersion'));
  }

  /** `CfnResource` adds the tags to the properties in the spelling of generated classes, which then change it. */
  protected renderProperties({ tags, ...properties }: Record<string, any>): Record<string, any> {
    const Tags = tags?.map(({ key, value }: Record<string, string>) => ({ Key: key, Value: value }));
    return { ...properties, Tags };
  }
}
