"""Answers SQL questions as JSON on stdout.

usage: query.py DATABASE < {"name": "select ..."}

Each question gives its first column's values; libpq's environment says where the database is.
"""

import json
import sys

import psycopg2

connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
answers = {}
for name, sql in json.load(sys.stdin).items():
    cursor = connection.cursor()
    cursor.execute(sql)
    answers[name] = [row[0] for row in cursor.fetchall()] if cursor.description else []
print(json.dumps(answers, default=str))
