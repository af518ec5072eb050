/**
 * The operating system of an instance that runs the server.
 */
export enum Ec2OperatingSystem {
  /**
   * Amazon Linux 2023, with its Python 3.11.
   */
  AMAZON_LINUX_2023 = 'amazon-linux-2023',

  /**
   * Ubuntu 24.04 LTS, with its Python 3.12.
   */
  UBUNTU_24_04 = 'ubuntu-24.04',
}
