import * as path from 'path';

export const REPOSITORY = path.resolve(__dirname, '..', '..');
export const LOCAL = path.join(REPOSITORY, 'local');
export const EXAMPLES = path.join(REPOSITORY, 'examples');
/** The CloudFormation templates that `npm run templates` makes. */
export const TEMPLATES = path.join(REPOSITORY, 'templates');

/** Everything that is worth keeping from one local run to the next; git ignores it. */
export const CACHE = path.join(REPOSITORY, '.cache');
