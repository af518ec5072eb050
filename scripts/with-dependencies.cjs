#!/usr/bin/env node
// Installs the node modules where they are missing or older than the lock file, then runs the command that follows.
// Plain JavaScript with no dependency: it is what runs first after a clone.
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const { existsSync, statSync } = require('node:fs');
const { delimiter, join } = require('node:path');

const root = join(__dirname, '..');
const options = {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  },
};

function installed() {
  // npm writes this file at the end of every install.
  const stamp = join(root, 'node_modules', '.package-lock.json');
  return existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

if (!installed()) {
  console.log('installing the node modules (once, about a minute) ...');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], options);
  if (status !== 0) process.exit(status ?? 1);
}

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, options);
child.on('error', (error) => console.error(`${command}: ${error.message}`));
child.on('close', (code) => process.exit(code ?? 1));
// Ctrl-C reaches the whole process group, and the command decides when to stop. The other signals reach only us.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
