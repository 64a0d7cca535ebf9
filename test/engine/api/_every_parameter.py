"""Sends, with boto3's own serializers, every parameter of botocore's models that is not declared, and every value that
the models rule out. Prints one JSON object: what was sent, and what was answered otherwise than expected."""
import json
import re
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# action: its declared parameters by their paths, each with the only values that are there, or null
DECLARED = json.load(open(sys.argv[1]))
REFUSALS = {
    "ec2": {"InvalidParameterValue", "MissingParameter"},
    "iam": {"ValidationError", "MalformedInput"},
    "sts": {"ValidationError", "MalformedInput"},
    "ssm": {"ValidationException", "SerializationException"},
    "route53resolver": {"ValidationException", "SerializationException"},
    "route53": {"InvalidInput"},
}
config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
sent = {"undeclared": 0, "limits": 0, "required": 0, "filters": 0, "actions": 0}
wrong = []


def leaves(shape, path=(), above=()):
    """(path, leaf shape) of every scalar below the shape; lists are looked through."""
    if shape.type_name == "structure" and shape.name not in above:
        for name, member in shape.members.items():
            yield from leaves(member, path + (name,), above + (shape.name,))
        if not shape.members and path:
            yield path, shape
    elif shape.type_name == "list":
        yield from leaves(shape.member, path, above)
    else:
        yield path, shape


def a_value(shape):
    if shape.type_name == "string":
        return (getattr(shape, "enum", None) or ["x"])[0]
    kinds = {"integer": 1, "long": 1, "float": 1.5, "double": 1.5, "boolean": True, "blob": b"x", "map": {"k": "v"}}
    return kinds.get(shape.type_name, "2026-01-01T00:00:00Z" if shape.type_name == "timestamp" else {})


def placed(shape, path, value):
    """The value wrapped in the structures and lists that lead to it."""
    if shape.type_name == "list":
        return [placed(shape.member, path, value)]
    if not path:
        return value
    return {path[0]: placed(shape.members[path[0]], path[1:], value)}


def in_uri(shape, declared):
    """Without them the request has no address."""
    return {name: (declared.get(name) or ["x"])[0] for name, member in shape.members.items() if member.serialization.get("location") == "uri"}


def answer(client, operation, params):
    try:
        client._make_api_call(operation, params)
        return "ok", ""
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]


def broken(shape):
    """Values that the shape rules out."""
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name == "string":
        if getattr(shape, "enum", None):
            yield "no-such-value"
        if high is not None and high < 10_000:
            yield "x" * (high + 1)
        if low:
            yield "x" * (low - 1)
        if shape.metadata.get("pattern") and not re.fullmatch(shape.metadata["pattern"].replace("\\p{", "x{"), "\x07"):
            yield "\x07"
    elif shape.type_name in ("integer", "long"):
        if low is not None:
            yield low - 1
        if high is not None:
            yield high + 1


for action, declared in DECLARED.items():
    service, operation = action.split(":")
    client = boto3.client(service, config=config)
    shape = client.meta.service_model.operation_model(operation).input_shape
    sent["actions"] += 1
    if shape is None:
        continue
    code, message = answer(client, operation, in_uri(shape, declared))
    if code == "NotImplementedByTheFakeAws" and "parameter" in message and "with the value" not in message:
        wrong.append([action, "(what boto3 adds by itself)", code, message])
    for path, leaf in leaves(shape):
        name = ".".join(path)
        if name not in declared:
            code, message = answer(client, operation, {**in_uri(shape, declared), **placed(shape, path, a_value(leaf))})
            sent["undeclared"] += 1
            if code != "NotImplementedByTheFakeAws" or name not in message or operation not in message:
                wrong.append([action, name, code, message])
            continue
        top = shape.members[path[0]]
        if top.serialization.get("location") == "uri":
            continue
        for value in broken(leaf):
            if value == "" and service != "ssm" and service != "route53resolver":
                continue  # what is empty is missing to the query protocols
            code, message = answer(client, operation, {**in_uri(shape, declared), **placed(shape, path, value)})
            sent["limits"] += 1
            named = code == "NotImplementedByTheFakeAws" and name in message  # only some values are declared
            if code not in REFUSALS[service] and not named:
                wrong.append([action, f"{name}={str(value)[:40]}", code, message])
    for name in shape.required_members:
        if shape.members[name].serialization.get("location") == "uri":
            continue
        code, message = answer(client, operation, in_uri(shape, declared))
        sent["required"] += 1
        if code not in REFUSALS[service]:
            wrong.append([action, f"without {name}", code, message])

    # Values that are not declared, of parameters that are.
    for name, values in declared.items():
        leaf = dict((".".join(path), one) for path, one in leaves(shape)).get(name)
        path = tuple(name.split("."))
        for value in getattr(leaf, "enum", None) or []:
            if values is None or value in values:
                continue
            code, message = answer(client, operation, {**in_uri(shape, declared), **placed(shape, path, value)})
            sent["undeclared"] += 1
            refused = code == "NotImplementedByTheFakeAws" and name in message and value in message
            if not refused and not (name == "TagSpecifications.ResourceType" and "taggable" in message):
                wrong.append([action, f"{name}={value}", code, message])
    # Filters: each that AWS documents is there, or refused by its name; any other is an error of AWS's.
    member = shape.members.get("Filters") or shape.members.get("Filter")
    if service == "ec2" and member is not None:
        field = "Filters" if "Filters" in shape.members else "Filter"
        documented = re.findall(r"<li>\s*<p>\s*<code>([^<]+)</code>", member.documentation)
        filled = {one: placed(shape.members[one], (), "x") for one in shape.required_members if one != field}
        for name in documented + ["no-such-filter"]:
            if name.startswith("tag"):
                continue
            code, message = answer(client, operation, {**filled, field: [{"Name": name, "Values": ["x"]}]})
            sent["filters"] += 1
            loud = code == "NotImplementedByTheFakeAws" and name in message and operation in message
            unknown = code == "InvalidParameterValue" and name in message
            if name == "no-such-filter" and not unknown and not code.endswith("NotFound"):
                wrong.append([action, name, code, message])
            if name != "no-such-filter" and code != "ok" and not loud and not code.endswith("NotFound"):
                wrong.append([action, f"filter {name}", code, message])

print(json.dumps({"sent": sent, "wrong": wrong}))
