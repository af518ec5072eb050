/**
 * Makes `templates/` anew: the CloudFormation template and the Terraform module of each compute.
 *
 *     npm run templates
 */
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { TEMPLATES } from './templates';
import { filesFor } from './templates/files';

const DIRECTORY = join(__dirname, '..', 'templates');

// It takes seconds, and the tests do it.
process.env.CDK_VALIDATION = 'false';

for (const definition of TEMPLATES) {
  const directory = join(DIRECTORY, definition.name);
  const files = Object.entries(filesFor(definition));
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(directory, name), content);
  console.log(`templates/${definition.name}: ${files.map(([name]) => name).join(', ')}`);
}
