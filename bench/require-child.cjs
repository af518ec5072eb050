// Prints the milliseconds of CPU that loading takes in this process: `require-child.cjs library|parts [touch]`.
const { readdirSync, readFileSync } = require('fs');
const { join } = require('path');

const LIB = join(__dirname, '..', 'lib');

/** What the built library takes of aws-cdk-lib and constructs: the names in each module. */
function parts() {
  const found = {};
  for (const file of readdirSync(LIB, { recursive: true }).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(LIB, file), 'utf8');
    for (const [, alias, name] of text.matchAll(/(?:const|var) (\w+) = require\("((?:aws-cdk-lib|constructs)[^"]*)"\)/g)) {
      found[name] ??= new Set();
      for (const [, member] of text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))) found[name].add(member);
    }
  }
  return Object.entries(found);
}

const [variant, touch] = process.argv.slice(2);
const used = variant === 'parts' ? parts() : [[LIB, []]];
const before = process.cpuUsage();
for (const [name, members] of used) {
  const loaded = require(name);
  if (touch) for (const member of variant === 'parts' ? members : Object.keys(loaded)) loaded[member];
}
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify((user + system) / 1000));
