import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Profile } from '../../server';
import { profileDefaults } from '../../server/profile-defaults';

/** What a user may decide about the log. */
export interface LogChoices {
  readonly logRetention?: RetentionDays;
  readonly logEncryptionKey?: IKey;
}

/** Where the server logs to. It stays when the compute is swapped, and its lines expire by themselves. */
export function serverLogGroup(scope: Construct, profile: Profile, choices: LogChoices = {}): LogGroup {
  const { logRetention, logEncryptionKey: encryptionKey } = choices;
  if (encryptionKey) grantToLogs(scope, encryptionKey);
  return new LogGroup(scope, 'Logs', {
    retention: logRetention ?? profileDefaults(profile).logRetentionDays,
    encryptionKey,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

/**
 * The L2 leaves it to the user, without whom the log group could not be made.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function grantToLogs(scope: Construct, key: IKey): void {
  const stack = Stack.of(scope);
  const arn = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    // Any log of this account and region: the group's own ARN would be a cycle, because the group names the key.
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const logs = new ServicePrincipal(`logs.${stack.region}.amazonaws.com`, {
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } },
  });
  key.grant(logs, 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*');
}
