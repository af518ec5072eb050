/** The address of a PostgreSQL database, and the certificates that verify its own. */
export interface PostgresConnectionOptions {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  /** The root certificates, as PEM text. */
  readonly certificateAuthority: string;
}

/**
 * How long the database may be silent: new connections, and what was sent over open ones. A failover moves its name to
 * another address and leaves the old one without an answer, on which Linux waits for a quarter of an hour.
 */
const SILENCE_SECONDS = 10;

/**
 * Probes start after `keepalives_idle` seconds without traffic. Three of them fit into the silence, because
 * `tcp_user_timeout` overrides the count: if the first probe came as late as that, its loss alone would end a connection. The
 * host of the database also answers probes while a statement runs for hours.
 *
 * libpq has environment variables for the other parameters, which need no encoding, but none for these.
 */
const PARAMETERS = {
  tcp_user_timeout: SILENCE_SECONDS * 1000,
  keepalives_idle: 4,
  keepalives_interval: 2,
  keepalives_count: 3,
};

/** The environment variables for every connection that the server makes to a PostgreSQL database. */
export function postgresConnection(options: PostgresConnectionOptions): Record<string, string> {
  const parameters = Object.entries(PARAMETERS).map(([name, value]) => `${name}=${value}`);
  return {
    MLFLOW_BACKEND_STORE_URI: `postgresql+psycopg2://?${parameters.join('&')}`,
    PGHOST: options.host,
    PGPORT: options.port,
    PGDATABASE: options.database,
    PGSSLMODE: 'verify-full',
    PGCONNECT_TIMEOUT: `${SILENCE_SECONDS}`,
    CDK_MLFLOW_DATABASE_CA: options.certificateAuthority,
  };
}
