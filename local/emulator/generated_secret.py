"""Generates secrets by the rules of Secrets Manager: MiniStack 1.5.33 knows only the length and the
excluded characters."""

import json
import secrets
import string

LENGTH = 32

KNOWN = {
    "ExcludeCharacters",
    "ExcludeLowercase",
    "ExcludeNumbers",
    "ExcludePunctuation",
    "ExcludeUppercase",
    "GenerateStringKey",
    "IncludeSpace",
    "PasswordLength",
    "RequireEachIncludedType",
    "SecretStringTemplate",
}


def is_true(value):
    return str(value).lower() == "true"


def password(rules):
    kinds = {
        "ExcludeLowercase": string.ascii_lowercase,
        "ExcludeUppercase": string.ascii_uppercase,
        "ExcludeNumbers": string.digits,
        "ExcludePunctuation": string.punctuation,
    }
    included = [letters for rule, letters in kinds.items() if not is_true(rules.get(rule))]
    if is_true(rules.get("IncludeSpace")):
        included.append(" ")
    excluded = rules.get("ExcludeCharacters", "")
    included = ["".join(c for c in letters if c not in excluded) for letters in included]
    included = [letters for letters in included if letters]
    one_of_each = str(rules.get("RequireEachIncludedType", True)).lower() == "true"
    characters = [secrets.choice(letters) for letters in included] if one_of_each else []
    length = int(rules.get("PasswordLength", LENGTH))
    everything = "".join(included)
    characters += [secrets.choice(everything) for _ in range(length - len(characters))]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)


def secret_string(properties):
    """The value that a template declares for its secret."""
    rules = properties.get("GenerateSecretString")
    if properties.get("SecretString") or not rules:
        return properties.get("SecretString", "")
    unknown = sorted(set(rules) - KNOWN)
    if unknown:
        raise ValueError(f"the local run does not know {unknown} of GenerateSecretString")
    template = rules.get("SecretStringTemplate")
    if template is None:
        return password(rules)
    return json.dumps({**json.loads(template), rules["GenerateStringKey"]: password(rules)})
