import { isDeepStrictEqual } from 'util';

type Section = Record<string, unknown>;
export type CloudFormationTemplate = Record<string, Section>;

/** The differences of two templates, resource by resource; the order of keys does not matter. */
export function differences(expected: CloudFormationTemplate, actual: CloudFormationTemplate): string[] {
  const sections = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return sections.flatMap((section) => {
    const [left, right] = [expected[section] ?? {}, actual[section] ?? {}];
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    return names.flatMap((name) => {
      const path = `${section}/${name}`;
      if (!(name in right)) return [`${path} is missing`];
      if (!(name in left)) return [`${path} is not expected`];
      if (isDeepStrictEqual(left[name], right[name])) return [];
      return [`${path}: expected ${JSON.stringify(left[name])}, got ${JSON.stringify(right[name])}`];
    });
  });
}

/** Throws where the templates differ; says how many resources were compared. */
export function assertEqualTemplates(expected: unknown, actual: unknown): string {
  const [left, right] = [expected, actual] as CloudFormationTemplate[];
  const resources = Object.keys(left.Resources ?? {}).length;
  if (resources === 0) throw new Error('the expected template has no resources: nothing was compared');
  const found = differences(left, right);
  if (found.length > 0) throw new Error(`the templates differ:\n${found.join('\n')}`);
  return `${resources} resources equal`;
}
