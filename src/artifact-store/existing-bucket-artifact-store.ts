import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ArtifactStoreBindOptions, ArtifactStoreCapabilities, ArtifactStoreConfig, IArtifactStore } from './contract';
import { ExistingBucketArtifactStoreProps } from './existing-bucket-artifact-store-props';
import { renderConfig } from './s3-config';
import { checkRegion, validateExistingBucketProps } from './validate-s3-props';
import { warnWithoutTls } from './warn-without-tls';
import { Binding } from '../private/binding';
import { Problems } from '../private/problems';

const NAME = 'ArtifactStore.fromBucket()';

/**
 * An artifact store in an existing Amazon S3 bucket, whose settings are not changed.
 */
export class ExistingBucketArtifactStore implements IArtifactStore {
  public readonly capabilities?: ArtifactStoreCapabilities;

  private readonly binding = new Binding<object>(NAME);

  /**
   * @param bucket The bucket that contains the artifacts. Its policy must deny requests without TLS.
   * @throws if a value is invalid
   */
  public constructor(
    /**
     * The bucket that contains the artifacts.
     */
    public readonly bucket: IBucket,
    private readonly props: ExistingBucketArtifactStoreProps = {},
  ) {
    validateExistingBucketProps(NAME, props);
    this.capabilities = {
      displayName: NAME,
      isBucket: true,
      access: props.access,
      validation: {
        validate: ({ region }) => Problems.in((problems) => checkRegion(problems, bucket, region)),
      },
    };
  }

  public bind(scope: Construct, _options: ArtifactStoreBindOptions): ArtifactStoreConfig {
    this.binding.claim();
    warnWithoutTls(scope, this.bucket);
    return renderConfig(scope, this.bucket, this.props);
  }
}
