import { CfnResource, ITaggableV2, Lazy, TagManager, TagType, Token } from 'aws-cdk-lib';
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
    super(scope, id, { type: TYPE, properties: { ...properties, Tags: Lazy.any({ produce: () => this.tags() }) } });
  }

  public get attrArn(): string {
    return Token.asString(this.getAtt('Arn'));
  }

  public get attrMlflowVersion(): string {
    return Token.asString(this.getAtt('MlflowVersion'));
  }

  private tags() {
    const tags: { key: string; value: string }[] | undefined = this.cdkTagManager.renderTags();
    return tags?.map(({ key, value }) => ({ Key: key, Value: value }));
  }
}
