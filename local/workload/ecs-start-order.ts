import { LocalRunFailure } from '../failure';

interface Container {
  readonly Name: string;
  readonly Essential?: boolean | string;
  readonly DependsOn?: readonly { readonly ContainerName: string; readonly Condition: string }[];
}

/** ECS's default: a container without the property is essential. */
const isEssential = (container: Container) => `${container.Essential ?? true}` === 'true';

/**
 * The containers in the order in which their dependencies let them start. The local run knows tasks whose containers
 * each do their part and end, one after the other, before the only essential one starts.
 */
export function inStartOrder<T extends Container>(containers: readonly T[]): T[] {
  const order: T[] = [];
  const visit = (container: T, path: readonly string[]) => {
    if (order.includes(container)) return;
    if (path.includes(container.Name)) throw new LocalRunFailure(`containers wait for each other: ${path.join(', ')}`);
    for (const { ContainerName, Condition } of container.DependsOn ?? []) {
      const dependency = containers.find(({ Name }) => Name === ContainerName);
      if (!dependency) throw new LocalRunFailure(`${container.Name} depends on ${ContainerName}, which does not exist`);
      if (Condition !== 'SUCCESS') {
        throw new LocalRunFailure(`${container.Name} waits for ${ContainerName} to be ${Condition}, expected SUCCESS`);
      }
      visit(dependency, [...path, container.Name]);
    }
    order.push(container);
  };
  const essential = containers.filter(isEssential);
  if (essential.length !== 1) {
    throw new LocalRunFailure(`the task has ${essential.length} essential containers, expected one`);
  }
  visit(essential[0], []);
  const loose = containers.filter((container) => !order.includes(container)).map(({ Name }) => Name);
  if (loose.length) throw new LocalRunFailure(`nothing waits for the containers ${loose.join(', ')}`);
  return order;
}
