import { TemplateDefinition } from './definition';
import { readme } from './readme';
import { synthesiseTemplate } from './synthesise-template';
import { terraformModule } from './terraform';

/** Everything that a row becomes, by the name of the file in `templates/NAME`. */
export function filesFor(definition: TemplateDefinition): Record<string, string> {
  const template = synthesiseTemplate(definition);
  const json = `${JSON.stringify(template, undefined, 2)}\n`;
  const bytes = Buffer.byteLength(json);
  return {
    'template.json': json,
    ...terraformModule(definition, template, bytes),
    'README.md': readme(definition, template, bytes),
  };
}
