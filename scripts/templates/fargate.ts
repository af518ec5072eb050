import { CfnResource } from 'aws-cdk-lib';
import { TemplateDefinition } from './definition';
import { defineOnEcs } from './ecs';
import { FargateCompute } from '../../src';

export const FARGATE_TEMPLATE: TemplateDefinition = {
  name: 'fargate',
  title: 'MLflow on AWS Fargate behind an internal load balancer, with PostgreSQL on RDS and artifacts in S3',
  define: (stack, form) =>
    defineOnEcs(stack, form, {
      compute: (replicas) => new FargateCompute({ replicas }),
      taskDefinition: ({ taskDefinition }) => taskDefinition,
      complete: ({ service }) => [service.node.findChild('Service') as CfnResource],
    }),
};
