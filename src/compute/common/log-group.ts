import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Profile } from '../../server';
import { profileDefaults } from '../../server/profile-defaults';

/** The settings of the log. */
export interface LogProps {
  readonly logRetention?: RetentionDays;
  readonly logEncryptionKey?: IKey;
}

/** The log group of the server. It is kept when the compute is replaced or deleted, and its events expire. */
export function serverLogGroup(scope: Construct, profile: Profile, props: LogProps): LogGroup {
  const { logRetention, logEncryptionKey: encryptionKey } = props;
  if (encryptionKey) grantToLogs(scope, encryptionKey);
  return new LogGroup(scope, 'Logs', {
    retention: logRetention ?? profileDefaults(profile).logRetentionDays,
    encryptionKey,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

/**
 * The L2 does not grant it, and the log group could not be created without it.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function grantToLogs(scope: Construct, key: IKey): void {
  const stack = Stack.of(scope);
  const arn = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    // Any log group of this account and Region: its own ARN would be a cycle, because the log group refers to the key.
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const logs = new ServicePrincipal(`logs.${stack.region}.amazonaws.com`, {
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } },
  });
  key.grant(logs, 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*');
}
