import { Token } from 'aws-cdk-lib';

/**
 * A release of MLflow.
 */
export class MlflowVersion {
  /**
   * MLflow 3.17.2, the release that this version of the library is tested with.
   */
  public static readonly V3_17_2 = new MlflowVersion('3.17.2');

  /**
   * Returns any other release of MLflow, 3.14.0 or newer.
   *
   * Older releases cannot create the schema of an empty database before the server starts.
   *
   * @param version The full version number, such as `3.16.0`.
   * @throws if the version is a token, is not of the form `major.minor.patch`, or is older than 3.14.0
   */
  public static of(version: string): MlflowVersion {
    if (Token.isUnresolved(version)) {
      throw new Error("the MLflow version must be known at synthesis; got a token, pass a string such as '3.17.2'");
    }
    const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
    if (!match) {
      throw new Error(`the MLflow version must be a full version number such as '3.17.2'; got '${version}'`);
    }
    const [major, minor] = match.slice(1).map(Number);
    if (major < 3 || (major === 3 && minor < 14)) {
      throw new Error(`the MLflow version must be 3.14.0 or newer; got '${version}'`);
    }
    return new MlflowVersion(version);
  }

  /**
   * The full version number.
   */
  public readonly version: string;

  private constructor(version: string) {
    this.version = version;
  }
}
