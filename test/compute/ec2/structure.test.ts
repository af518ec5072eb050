import { readFileSync } from 'fs';
import { filesUnder } from '../../support/files';

const OWN = /^src\/(compute\/((ec2|ecs-on-ec2)\/.*|compute|index)|endpoint\/.*)\.ts$/;
const mentions = filesUnder('src', '.ts').flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /Ec2|EC2/.test(line))
    .map((line) => `${file}: ${line.trim()}`),
);

test('only its own files and its factory name the EC2 compute', () => {
  const core = mentions.filter((mention) => !OWN.test(mention.split(':')[0]));
  // What AWS CDK calls the architectures, and a remark on what differs from ECS.
  expect(core.filter((mention) => !/in the words of EC2|ECS on EC2|ecsOnEc2/.test(mention))).toEqual([]);
});

test('they were looked at', () => {
  expect(mentions.length).toBeGreaterThan(30);
});
