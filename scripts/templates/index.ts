import { TemplateDefinition } from './definition';
import { EC2_TEMPLATE } from './ec2';
import { ECS_ON_EC2_TEMPLATE } from './ecs-on-ec2';
import { FARGATE_TEMPLATE } from './fargate';
import { SAGE_MAKER_MLFLOW_APP_TEMPLATE, SAGE_MAKER_TRACKING_SERVER_TEMPLATE } from './sage-maker';

/** One template for each compute whose resources need no files beside the template. */
export const TEMPLATES: readonly TemplateDefinition[] = [
  FARGATE_TEMPLATE,
  ECS_ON_EC2_TEMPLATE,
  EC2_TEMPLATE,
  SAGE_MAKER_TRACKING_SERVER_TEMPLATE,
  SAGE_MAKER_MLFLOW_APP_TEMPLATE,
];
