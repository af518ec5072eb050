"""MiniStack as the local run needs it: started from here, with the CloudFormation types that it lacks,
and with a record of every resource exactly as CloudFormation would hand it over.

MiniStack 1.5.33 has no extension point: the private names in use are the table of provisioners and
the functions that `main` replaces. RECORD names the file that gets one JSON line per resource,
SIGNATURES the one that gets what each request was signed for: MiniStack takes any region.
"""

import json
import os
import re
import sys
from urllib.parse import parse_qs

from ministack import app
from ministack.services import ssm
from ministack.services.cloudformation import helpers, provisioners

from generated_secret import secret_string
from missing_types import MISSING_TYPES


def like_aws(resource_type, properties, physical_id, attributes):
    """Where MiniStack's answer differs from AWS's, and the template would notice."""
    # `Ref` gives the secret's ARN.
    if resource_type == "AWS::SecretsManager::Secret":
        physical_id = attributes["Arn"]
    # `Fn::GetAtt` knows the address range.
    if resource_type == "AWS::EC2::VPC" and "CidrBlock" in properties:
        attributes = {**attributes, "CidrBlock": properties["CidrBlock"]}
    # The capitals of a generated name are kept.
    if resource_type == "AWS::ElasticLoadBalancingV2::LoadBalancer":
        head, dot, rest = attributes["DNSName"].partition(".")
        attributes = {**attributes, "DNSName": head.title() + dot + rest}
    return physical_id, attributes


# What MiniStack computes with. A parameter of a template is a text, whatever its type.
NUMBERS = {"AWS::ECS::Service": ["DesiredCount"]}


def with_numbers(resource_type, properties):
    """CloudFormation turns a text into a number where the type of the property asks for one."""
    names = [name for name in NUMBERS.get(resource_type, []) if name in properties]
    return {**properties, **{name: int(properties[name]) for name in names}}


def recorded(resource_type, create):
    def run(logical_id, properties, stack):
        properties = with_numbers(resource_type, properties)
        physical_id, attributes = create(logical_id, properties, stack)
        physical_id, attributes = like_aws(
            resource_type, properties, physical_id, attributes
        )
        line = {
            "logicalId": logical_id,
            "type": resource_type,
            "physicalId": physical_id,
            "properties": properties,
            "attributes": attributes,
        }
        with open(os.environ["RECORD"], "a") as file:
            file.write(json.dumps(line, default=str) + "\n")
        return physical_id, attributes

    return run


def strict(resource_type, known, create):
    """An unknown property fails the stack: silence would say that it works."""

    def run(logical_id, properties, stack):
        unknown = sorted(set(properties) - known)
        if unknown:
            raise ValueError(f"the local run does not know {unknown} of {resource_type}")
        return create(logical_id, properties, stack)

    return run


def published(resolve):
    """AWS publishes the newest machine images as parameters; nothing here is started from one."""

    def run(name_or_arn, **options):
        if str(name_or_arn).startswith("/aws/service/") and name_or_arn.endswith(("-x86_64", "-arm64", "/ami-id", "/image_id")):
            return "ami-00000000000000000"
        return resolve(name_or_arn, **options)

    return run


def path_style(parse):
    """MiniStack looks for the bucket of a template in the path of its address, and AWS in the host as well."""

    def run(url):
        parsed = parse(url)
        bucket, s3, _ = (parsed.hostname or "").partition(".s3.")
        return parsed._replace(path=f"/{bucket}{parsed.path}") if s3 else parsed

    return run


CREDENTIAL = re.compile(r"([^/\s=]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


def signature_of(request):
    """The credential scope of a request: in its header, or in an address that was signed for somebody else."""
    header = dict(request["headers"]).get(b"authorization", b"").decode()
    address = parse_qs(request["query_string"].decode()).get("X-Amz-Credential", [""])[0]
    found = CREDENTIAL.search(address or header)
    if not found:
        return None
    key, region, service = found.groups()
    return {"accessKeyId": key, "region": region, "service": service, "presigned": bool(address)}


def noting_signatures(serve):
    async def run(request, receive, send):
        signature = signature_of(request) if request["type"] == "http" else None
        if signature:
            with open(os.environ["SIGNATURES"], "a") as file:
                file.write(json.dumps(signature) + "\n")
        await serve(request, receive, send)

    return run


def main():
    os.umask(0o077)
    helpers.urlparse = path_style(helpers.urlparse)
    handlers = provisioners._RESOURCE_HANDLERS
    for resource_type, (known, create) in MISSING_TYPES.items():
        # Gives way as soon as MiniStack knows the type.
        if resource_type not in handlers:
            run = strict(resource_type, known, create)
            handlers[resource_type] = {"create": run, "delete": lambda physical_id, properties: None}
    for resource_type, handler in handlers.items():
        if "create" in handler:
            handler["create"] = recorded(resource_type, handler["create"])
    provisioners._sm_secret_string = secret_string
    ssm.resolve_parameter_value = published(ssm.resolve_parameter_value)
    app.app = noting_signatures(app.app)
    # It would also listen on port 443 wherever it may.
    app._port_is_bindable = lambda *_: False
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
