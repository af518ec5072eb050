/**
 * Makes the built library load its parts when they are first used, as aws-cdk-lib does: `require('cdk-mlflow')` alone then
 * loads nothing of it. Runs after the compiler, on lib/index.js or another index; repeating it changes nothing.
 */
const { readFileSync, writeFileSync } = require('fs');
const { join, resolve } = require('path');

const INDEX = resolve(process.argv[2] ?? join(__dirname, '..', 'lib', 'index.js'));

const rooms = readFileSync(INDEX, 'utf8').matchAll(/require\("(\.\/[\w-]+)"\)/g);
const names = Object.fromEntries(
  [...rooms].flatMap(([, room]) => Object.keys(require(join(INDEX, '..', room))).map((name) => [name, room])),
);

if (Object.keys(names).length > 0) writeFileSync(INDEX, render(names));

/** ES modules learn the names from the assignments, which Node reads and does not run. */
function render(all) {
  return `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
${Object.keys(all)
  .map((name) => `exports.${name} = void 0;`)
  .join('\n')}
for (const [name, room] of Object.entries(${JSON.stringify(all, undefined, 2)})) {
  const define = (descriptor) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, ...descriptor });
  define({
    get: () => {
      const value = require(room)[name];
      define({ value });
      return value;
    },
  });
}
`;
}
