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
   * Returns any other release of MLflow, 3.17.0 or newer.
   *
   * In older releases, model versions can name the artifacts of others as their source, and anybody who signs in can write to
   * the evaluation datasets of others.
   *
   * @param version The full version number, such as `3.17.1`.
   * @throws if the version is a token, is not of the form `major.minor.patch`, or is older than 3.17.0
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
    if (major < 3 || (major === 3 && minor < 17)) {
      throw new Error(`the MLflow version must be 3.17.0 or newer; got '${version}'`);
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
