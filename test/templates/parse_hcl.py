"""Parses the files of Terraform modules and prints what is in them as JSON: module, file, content."""

import json
import sys
from pathlib import Path

import hcl2


def parse(path):
    with open(path) as file:
        return hcl2.load(file)


json.dump({module: {path.name: parse(path) for path in sorted(Path(module).glob("*.tf"))} for module in sys.argv[1:]}, sys.stdout)
